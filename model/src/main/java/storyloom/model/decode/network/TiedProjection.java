package storyloom.model.decode.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.RowProduct;

/**
 * logits = (features·projection)·embeddingᵀ + bias.
 *
 * @param projection [I,E]
 * @param embedding [E,V], turned around
 * @param bias [V]
 */
record TiedProjection(RowProduct projection, RowProduct embedding, Matrix bias)
    implements OutputProjection {

  static TiedProjection of(Map<String, INDArray> tensors) {
    return new TiedProjection(
        RowProduct.of(
            Matrix.of(
                tensors.get(
                    Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.PROJECTION)))),
        RowProduct.ofTransposed(
            Matrix.of(
                tensors.get(
                    Seq2SeqTensors.name(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT)))),
        Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.BIAS))));
  }

  @Override
  public int vocabulary() {
    return embedding.columns();
  }

  @Override
  public int scratchColumns() {
    return projection.columns();
  }

  @Override
  public double[] logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits) {
    projection.multiply(scratch, features);
    embedding.multiply(logits, scratch);
    return kernel.addBiasAndLogSum(logits, bias);
  }

  @Override
  public void close() {
    projection.close();
    embedding.close();
  }
}
