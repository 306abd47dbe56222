package storyloom.model.nn.layer;

import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * Parameters with what Adam learns by and keeps of them; all of one shape.
 *
 * @param parameters updated
 * @param gradient of the last minibatch
 * @param m mean of the gradients, updated
 * @param v mean of the squared gradients, updated
 */
public record AdamTensor(Matrix parameters, Matrix gradient, Matrix m, Matrix v) {

  /** Of the gradient; see {@link Kernel#squaredNorm}. */
  public double squaredNorm() {
    return kernel().squaredNorm(gradient);
  }

  /**
   * One update.
   *
   * @param factor by which the gradient is multiplied first
   */
  public void update(AdamStep step, double factor) {
    kernel().adam(parameters, gradient, factor, m, v, step);
  }

  /** One row; shares the memory. */
  AdamTensor row(int row) {
    return rows(row, row + 1);
  }

  /** Rows {@code from} to {@code to}, the latter excluded; shares the memory. */
  AdamTensor rows(int from, int to) {
    return new AdamTensor(
        parameters.rows(from, to), gradient.rows(from, to), m.rows(from, to), v.rows(from, to));
  }

  Kernel kernel() {
    return Kernel.of(parameters);
  }
}
