package storyloom.model.nn.attention;

import java.util.List;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.Parameter;

/**
 * Linear maps of the same input, whose outputs stand side by side: one product of the weights side
 * by side is faster than several.
 *
 * @param maps their weights, [in,out] each
 */
record JointMap(List<Parameter> maps) {

  /**
   * y = x·[W₁ W₂ …].
   *
   * @param x [m,in]
   * @param joint [in,out], scratch
   * @param y [m,out], written
   */
  void forward(Kernel kernel, Matrix x, Matrix joint, Matrix y) {
    join(kernel, joint);
    kernel.multiply(x, Side.PLAIN, joint, Side.PLAIN, 0, y);
  }

  /**
   * The reverse of {@link #forward}; the gradients of the weights are written.
   *
   * @param x [m,in]
   * @param dy [m,out]
   * @param joint [in,out], scratch
   * @param dJoint [in,out], scratch
   * @param dx [m,in], written
   */
  void backward(Kernel kernel, Matrix x, Matrix dy, Matrix joint, Matrix dJoint, Matrix dx) {
    join(kernel, joint);
    new LinearMap(new Parameter(joint, dJoint), Side.PLAIN).backward(kernel, x, dy, 0, dx, 0);
    int from = 0;
    for (Parameter map : maps) {
      int to = from + map.value().columns();
      kernel.copy(dJoint.columns(from, to), map.gradient());
      from = to;
    }
  }

  private void join(Kernel kernel, Matrix joint) {
    int from = 0;
    for (Parameter map : maps) {
      int to = from + map.value().columns();
      kernel.copy(map.value(), joint.columns(from, to));
      from = to;
    }
  }
}
