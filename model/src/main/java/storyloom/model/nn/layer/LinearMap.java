package storyloom.model.nn.layer;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * A linear map without bias, y = x·W or y = x·Wᵀ, and its gradients. PyTorch: {@code
 * Linear(bias=False)}.
 *
 * @param weight W, [in,out], or [out,in] if it is taken transposed
 * @param side how the weight is taken
 */
public record LinearMap(Parameter weight, Side side) {

  /** Width of y. */
  public int out() {
    return side == Side.PLAIN ? weight.value().columns() : weight.value().rows();
  }

  /**
   * y = x·op(W).
   *
   * @param x [m,in]
   * @param y [m,out], written
   */
  public void forward(Kernel kernel, Matrix x, Matrix y) {
    kernel.multiply(x, Side.PLAIN, weight.value(), side, 0, y);
  }

  /**
   * The reverse of {@link #forward}.
   *
   * @param x [m,in]
   * @param dy [m,out]
   * @param keepWeight factor of what the weight's gradient holds already
   * @param dx [m,in], written after x has been read: they may be one and the same
   * @param keepInput factor of what dx holds already
   */
  public void backward(
      Kernel kernel, Matrix x, Matrix dy, double keepWeight, Matrix dx, double keepInput) {
    if (side == Side.PLAIN) {
      kernel.multiply(x, Side.TRANSPOSED, dy, Side.PLAIN, keepWeight, weight.gradient());
      kernel.multiply(dy, Side.PLAIN, weight.value(), Side.TRANSPOSED, keepInput, dx);
    } else {
      kernel.multiply(dy, Side.TRANSPOSED, x, Side.PLAIN, keepWeight, weight.gradient());
      kernel.multiply(dy, Side.PLAIN, weight.value(), Side.PLAIN, keepInput, dx);
    }
  }
}
