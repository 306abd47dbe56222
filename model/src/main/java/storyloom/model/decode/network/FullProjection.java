package storyloom.model.decode.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.RowProduct;

/**
 * logits = features·weight + bias.
 *
 * @param weight [I,V]
 * @param bias [V]
 */
record FullProjection(RowProduct weight, Matrix bias) implements OutputProjection {

  static FullProjection of(Map<String, INDArray> tensors) {
    return new FullProjection(
        RowProduct.of(
            Matrix.of(
                tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.WEIGHT)))),
        Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.BIAS))));
  }

  @Override
  public int vocabulary() {
    return weight.columns();
  }

  @Override
  public int scratchColumns() {
    return 0;
  }

  @Override
  public double[] logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits) {
    weight.multiply(logits, features);
    return kernel.addBiasAndLogSum(logits, bias);
  }

  @Override
  public void close() {
    weight.close();
  }
}
