package storyloom.model.nn.kernel;

import java.nio.Buffer;

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
  public final void scale(Matrix matrix, double factor) {
    for (int r = 0; r < matrix.rows(); r++) {
      scale(matrix, factor, matrix.start(r), matrix.start(r) + matrix.columns());
    }
  }

  /** {@link #scale} of the numbers at {@code from} to {@code to}, the latter excluded. */
  void scale(Matrix matrix, double factor, int from, int to) {
    B numbers = numbers(matrix);
    for (int i = from; i < to; i++) {
      put(numbers, i, get(numbers, i) * factor);
    }
  }

  @Override
  public final void adam(Matrix gradient, Matrix m, Matrix v, AdamStep step) {
    Shapes.require(gradient.rows() == 1, gradient);
    Shapes.requireSame(gradient, m);
    Shapes.requireSame(gradient, v);
    adam(gradient, m, v, step, 0, gradient.columns());
  }

  /** {@link #adam} of the columns {@code from} to {@code to}, the latter excluded. */
  void adam(Matrix gradient, Matrix m, Matrix v, AdamStep step, int from, int to) {
    B gradients = numbers(gradient);
    B means = numbers(m);
    B squares = numbers(v);
    double rate = step.correctedRate();
    double rootFactor = step.rootFactor();
    for (int i = from; i < to; i++) {
      double g = get(gradients, gradient.start(0) + i);
      double mean = step.beta1() * get(means, m.start(0) + i) + (1 - step.beta1()) * g;
      double square = step.beta2() * get(squares, v.start(0) + i) + (1 - step.beta2()) * g * g;
      put(means, m.start(0) + i, mean);
      put(squares, v.start(0) + i, square);
      double root = Math.sqrt(square) * rootFactor;
      put(gradients, gradient.start(0) + i, rate * mean / (root + step.epsilon()));
    }
  }
}
