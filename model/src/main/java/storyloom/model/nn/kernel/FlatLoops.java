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
  public final void adam(
      Matrix parameters, Matrix gradient, double factor, Matrix m, Matrix v, AdamStep step) {
    Shapes.requireSame(parameters, gradient);
    Shapes.requireSame(parameters, m);
    Shapes.requireSame(parameters, v);
    for (int row = 0; row < parameters.rows(); row++) {
      adam(parameters, gradient, factor, m, v, step, row);
    }
  }

  /** {@link #adam} of one row. */
  void adam(
      Matrix parameters,
      Matrix gradient,
      double factor,
      Matrix m,
      Matrix v,
      AdamStep step,
      int row) {
    adamFrom(0, parameters, gradient, factor, m, v, step, row);
  }

  /** {@link #adam} of one row's columns from {@code start} on. */
  final void adamFrom(
      int start,
      Matrix parameters,
      Matrix gradient,
      double factor,
      Matrix m,
      Matrix v,
      AdamStep step,
      int row) {
    B gradients = numbers(gradient);
    for (int i = start; i < parameters.columns(); i++) {
      double g = get(gradients, gradient.start(row) + i) * factor;
      update(parameters, row, i, m, v, step, (1 - step.beta1()) * g, (1 - step.beta2()) * g * g);
    }
  }

  @Override
  public final void adamWithoutGradient(
      Matrix parameters, Matrix m, Matrix v, List<AdamStep> steps) {
    Shapes.requireSame(parameters, m);
    Shapes.requireSame(parameters, v);
    for (int row = 0; row < parameters.rows(); row++) {
      adamWithoutGradient(parameters, m, v, steps, row);
    }
  }

  /** {@link #adamWithoutGradient} of one row. */
  void adamWithoutGradient(Matrix parameters, Matrix m, Matrix v, List<AdamStep> steps, int row) {
    adamWithoutGradientFrom(0, parameters, m, v, steps, row);
  }

  /** {@link #adamWithoutGradient} of one row's columns from {@code start} on. */
  final void adamWithoutGradientFrom(
      int start, Matrix parameters, Matrix m, Matrix v, List<AdamStep> steps, int row) {
    for (AdamStep step : steps) {
      for (int i = start; i < parameters.columns(); i++) {
        update(parameters, row, i, m, v, step, 0, 0);
      }
    }
  }

  private void update(
      Matrix parameters,
      int row,
      int column,
      Matrix m,
      Matrix v,
      AdamStep step,
      double meanShare,
      double squareShare) {
    B means = numbers(m);
    B squares = numbers(v);
    B values = numbers(parameters);
    int atM = m.start(row) + column;
    int atV = v.start(row) + column;
    int at = parameters.start(row) + column;
    double mean = normal(step.beta1() * get(means, atM) + meanShare);
    double square = normal(step.beta2() * get(squares, atV) + squareShare);
    put(means, atM, mean);
    put(squares, atV, square);
    double root = Math.sqrt(square) * step.rootFactor();
    put(values, at, get(values, at) - step.correctedRate() * mean / (root + step.epsilon()));
  }

  private static double normal(double number) {
    return Math.abs(number) < Float.MIN_NORMAL ? 0 : number;
  }
}
