package storyloom.model.nn.output;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Parameter;

/**
 * y = x·op(weight), and its gradients.
 *
 * @param weight [in,out], or [out,in] where transposed
 * @param side how the weight is taken
 */
record LinearMap(Parameter weight, Side side) {

  /** Width of y. */
  int out() {
    return side == Side.PLAIN ? weight.value().columns() : weight.value().rows();
  }

  /**
   * @param x [m,in]
   * @param y [m,out], written
   */
  void forward(Kernel kernel, Matrix x, Matrix y) {
    kernel.multiply(x, Side.PLAIN, weight.value(), side, 0, y);
  }

  /**
   * @param x [m,in]
   * @param dy [m,out]
   * @param keep factor of what the weight's gradient holds already
   * @param dx [m,in], written after x has been read: they may be one and the same
   */
  void backward(Kernel kernel, Matrix x, Matrix dy, double keep, Matrix dx) {
    if (side == Side.PLAIN) {
      kernel.multiply(x, Side.TRANSPOSED, dy, Side.PLAIN, keep, weight.gradient());
      kernel.multiply(dy, Side.PLAIN, weight.value(), Side.TRANSPOSED, 0, dx);
    } else {
      kernel.multiply(dy, Side.TRANSPOSED, x, Side.PLAIN, keep, weight.gradient());
      kernel.multiply(dy, Side.PLAIN, weight.value(), Side.PLAIN, 0, dx);
    }
  }
}
