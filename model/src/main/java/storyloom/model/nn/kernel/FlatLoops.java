package storyloom.model.nn.kernel;

import java.nio.Buffer;
import java.util.List;

/**
 * The loops of {@link Kernel} that know no shape: each number is treated for itself, or summed with
 * all others. Arithmetic in double; what is stored is the buffer's own kind.
 *
 * @param <B> the buffer that holds the numbers
 */
abstract class FlatLoops<B extends Buffer> implements Kernel {

  abstract B numbers(Matrix matrix);

  abstract double get(B numbers, int at);

  abstract void put(B numbers, int at, double value);

  /** The number that {@link #put} would store. */
  abstract double rounded(double value);

  @Override
  public final double squaredNorm(Matrix matrix) {
    double sum = 0;
    for (int r = 0; r < matrix.rows(); r++) {
      int end = matrix.start(r) + matrix.columns();
      for (int from = matrix.start(r); from < end; from += NORM_BLOCK) {
        sum += squares(matrix, from, Math.min(from + NORM_BLOCK, end));
      }
    }
    return sum;
  }

  /** Sum of the squares of the numbers at {@code from} to {@code to}, the latter excluded. */
  double squares(Matrix matrix, int from, int to) {
    B numbers = numbers(matrix);
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += get(numbers, i) * get(numbers, i);
    }
    return sum;
  }

  @Override
  public final void adam(AdamTensor tensor, double factor, AdamStep step) {
    for (int r = 0; r < tensor.rows(); r++) {
      AdamTensor row = tensor.rows(r, r + 1);
      Matrix gradient = row.gradient();
      for (int i = adamByVectors(row, factor, step); i < row.columns(); i++) {
        double g = rounded(get(numbers(gradient), gradient.start(0) + i) * factor);
        update(row, i, g, step);
      }
    }
  }

  /** {@link #adam} of one row, as far as whole vectors go; returns where it stopped. */
  int adamByVectors(AdamTensor row, double factor, AdamStep step) {
    return 0;
  }

  @Override
  public final void adamWithoutGradient(AdamTensor tensor, List<AdamStep> steps) {
    for (int r = 0; r < tensor.rows(); r++) {
      AdamTensor row = tensor.rows(r, r + 1);
      for (int i = adamWithoutGradientByVectors(row, steps); i < row.columns(); i++) {
        for (AdamStep step : steps) {
          update(row, i, 0, step);
        }
      }
    }
  }

  /**
   * {@link #adamWithoutGradient} of one row, as far as whole vectors go; returns where it stopped.
   */
  int adamWithoutGradientByVectors(AdamTensor row, List<AdamStep> steps) {
    return 0;
  }

  private void update(AdamTensor row, int column, double g, AdamStep step) {
    B means = numbers(row.m());
    B squares = numbers(row.v());
    B values = numbers(row.parameters());
    int atM = row.m().start(0) + column;
    int atV = row.v().start(0) + column;
    int at = row.parameters().start(0) + column;
    double mean = normal(step.beta1() * get(means, atM) + (1 - step.beta1()) * g);
    double square = normal(step.beta2() * get(squares, atV) + (1 - step.beta2()) * g * g);
    put(means, atM, mean);
    put(squares, atV, square);
    double root = Math.sqrt(square) * step.rootFactor();
    double update = rounded(step.correctedRate() * mean / (root + step.epsilon()));
    put(values, at, get(values, at) - update);
  }

  private static double normal(double number) {
    return Math.abs(number) < Float.MIN_NORMAL ? 0 : number;
  }
}
