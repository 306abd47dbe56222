package storyloom.model.nn.kernel;

import java.util.function.UnaryOperator;

/**
 * Parameters with what Adam learns by and keeps of them, all of one shape [m,n].
 *
 * @param parameters updated
 * @param gradient of the last minibatch; only read
 * @param m mean of the gradients, updated
 * @param v mean of the squared gradients, updated
 */
public record AdamTensor(Matrix parameters, Matrix gradient, Matrix m, Matrix v) {

  /**
   * @throws IllegalArgumentException if the shapes differ
   */
  public AdamTensor {
    Shapes.requireSame(parameters, gradient);
    Shapes.requireSame(parameters, m);
    Shapes.requireSame(parameters, v);
  }

  /** m. */
  public int rows() {
    return parameters.rows();
  }

  /** n. */
  public int columns() {
    return parameters.columns();
  }

  /** Rows {@code from} to {@code to}, the latter excluded; shares the memory. */
  public AdamTensor rows(int from, int to) {
    return cut(matrix -> matrix.rows(from, to));
  }

  /** A view of the same part of all four. */
  AdamTensor cut(UnaryOperator<Matrix> part) {
    return new AdamTensor(
        part.apply(parameters), part.apply(gradient), part.apply(m), part.apply(v));
  }

  /** The kernel for these numbers. */
  public Kernel kernel() {
    return Kernel.of(parameters);
  }
}
