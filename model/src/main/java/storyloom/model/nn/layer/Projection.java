package storyloom.model.nn.layer;

import java.util.function.IntFunction;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * A linear map without bias, y = x·W or y = x·Wᵀ, by a parameter of a vertex; or none, y = x. x and
 * y [n,H], W [H,H]. PyTorch: {@code Linear(bias=False)}.
 */
final class Projection {

  /** y = x. */
  static final Projection NONE = new Projection(null, null, Side.PLAIN);

  private final ParameterVertex vertex;
  private final String name;
  private final Side side;

  private Projection(ParameterVertex vertex, String name, Side side) {
    this.vertex = vertex;
    this.name = name;
    this.side = side;
  }

  /**
   * @param vertex whose parameter it is
   * @param name the parameter W
   * @param side whether x is multiplied by W or by Wᵀ
   */
  static Projection by(ParameterVertex vertex, String name, Side side) {
    return new Projection(vertex, name, side);
  }

  /**
   * @param memory a number of rows → [rows,H], not cleared
   * @return y, which is x itself where there is nothing to do
   */
  Matrix forward(Kernel kernel, Matrix x, IntFunction<Matrix> memory) {
    if (this == NONE) {
      return x;
    }
    Matrix y = memory.apply(x.rows());
    kernel.multiply(x, Side.PLAIN, vertex.weight(name), side, 0, y);
    return y;
  }

  /** Where the gradient by y is to be added up; dx itself where y is x. */
  Matrix outputGradient(Kernel kernel, Matrix dx, IntFunction<Matrix> memory) {
    if (this == NONE) {
      return dx;
    }
    Matrix dy = memory.apply(dx.rows());
    kernel.clear(dy);
    return dy;
  }

  /** The reverse of {@link #forward}: adds to dx, and overwrites the gradient by W. */
  void backward(Kernel kernel, Matrix x, Matrix dy, Matrix dx) {
    if (this == NONE) {
      return;
    }
    Matrix dWeight = vertex.gradient(name);
    if (side == Side.PLAIN) {
      kernel.multiply(dy, Side.PLAIN, vertex.weight(name), Side.TRANSPOSED, 1, dx);
      kernel.multiply(x, Side.TRANSPOSED, dy, Side.PLAIN, 0, dWeight);
    } else {
      kernel.multiply(dy, Side.PLAIN, vertex.weight(name), Side.PLAIN, 1, dx);
      kernel.multiply(dy, Side.TRANSPOSED, x, Side.PLAIN, 0, dWeight);
    }
  }
}
