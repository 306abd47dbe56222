package storyloom.model.decode;

import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.decode.search.NextTokenLogits;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.output.StepLogits;

/** Rows of logits as a model might give them. */
public final class Rows {

  private Rows() {}

  public static NextTokenLogits of(float... logits) {
    Matrix matrix = Matrix.of(Nd4j.createFromArray(new float[][] {logits}));
    NextTokenLogits row = new NextTokenLogits(logits.length);
    Kernel kernel = Kernel.of(matrix);
    row.read(StepLogits.of(kernel, matrix, kernel.logSums(matrix)), 0);
    return row;
  }
}
