package storyloom.model.decode;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * logits = (features·projection)·embeddingᵀ + bias.
 *
 * @param projection [I,E]
 * @param embedding [V,E]
 * @param bias [V]
 */
record TiedProjection(Matrix projection, Matrix embedding, Matrix bias)
    implements OutputProjection {

  static TiedProjection of(Map<String, INDArray> tensors) {
    return new TiedProjection(
        Matrix.of(tensors.get("output.projection")),
        Matrix.of(tensors.get("story_embedding.weight")),
        Matrix.of(tensors.get("output.bias")));
  }

  @Override
  public int vocabulary() {
    return embedding.rows();
  }

  @Override
  public int scratchColumns() {
    return embedding.columns();
  }

  @Override
  public double[] logits(Kernel kernel, Matrix features, int rows, Matrix scratch, Matrix logits) {
    kernel.multiplyInBlocks(features, projection, 0, scratch);
    kernel.multiplyInBlocks(scratch, embedding, Side.TRANSPOSED, 0, logits);
    return kernel.addBiasAndLogSum(logits.rows(0, rows), bias);
  }
}
