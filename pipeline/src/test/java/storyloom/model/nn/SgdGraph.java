package storyloom.model.nn;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;

/** A graph that is trained by plain gradient descent: its updates are linear in the gradient. */
public final class SgdGraph {

  private SgdGraph() {}

  /** In float, its weights drawn by seed 1, gradients as they are. */
  public static Seq2SeqGraph create(Seq2SeqConfig config, double learningRate) {
    return Seq2SeqGraph.create(
        config, new Optimisation(learningRate, 1e9, 1), new Sgd(learningRate), DataType.FLOAT);
  }
}
