package storyloom.model.nn;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * Scales the gradient of all weights together down to a largest norm: DL4J itself clips each layer
 * on its own. Source: Pascanu, Mikolov and Bengio 2013; PyTorch calls it {@code clip_grad_norm_}.
 */
final class GradientClipping extends BaseTrainingListener {

  private final double largest;
  private double norm = Double.NaN;

  GradientClipping(double largest) {
    this.largest = largest;
  }

  /** Norm of the last gradient, before clipping; NaN before the first. */
  double norm() {
    return norm;
  }

  @Override
  public void onGradientCalculation(Model model) {
    Matrix gradient = Matrix.of(model.gradient().gradient());
    Kernel kernel = Kernel.of(gradient);
    norm = Math.sqrt(kernel.squaredNorm(gradient));
    if (norm > largest) {
      kernel.scale(gradient, largest / norm);
    }
  }
}
