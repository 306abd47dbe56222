package storyloom.model.decode;

import java.util.Arrays;
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

  /**
   * The row of a model that copies.
   *
   * @param own logits of words that only the prompt knows; −∞ for no such word
   */
  public static NextTokenLogits copying(float[] logits, float... own) {
    float[] all = Arrays.copyOf(logits, logits.length + own.length);
    Matrix wide = Matrix.of(Nd4j.createFromArray(new float[][] {all}));
    Matrix known = wide.columns(0, logits.length);
    Kernel kernel = Kernel.of(wide);
    StepLogits mixed = StepLogits.of(kernel, known, kernel.logSums(known)).within(wide);
    for (int i = 0; i < own.length; i++) {
      if (own[i] > Float.NEGATIVE_INFINITY) {
        mixed.raise(0, logits.length + i, own[i]);
      }
    }
    NextTokenLogits row = new NextTokenLogits(all.length);
    row.read(mixed, 0);
    return row;
  }
}
