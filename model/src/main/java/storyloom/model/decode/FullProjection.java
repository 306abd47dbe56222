package storyloom.model.decode;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * logits = features·weight + bias.
 *
 * @param weight [I,V]
 * @param bias [V]
 */
record FullProjection(Matrix weight, Matrix bias) implements OutputProjection {

  static FullProjection of(Map<String, INDArray> tensors) {
    return new FullProjection(
        Matrix.of(tensors.get("output.weight")), Matrix.of(tensors.get("output.bias")));
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
  public double[] logits(Kernel kernel, Matrix features, int rows, Matrix scratch, Matrix logits) {
    kernel.multiplyInBlocks(features, weight, 0, logits);
    return kernel.addBiasAndLogSum(logits.rows(0, rows), bias);
  }
}
