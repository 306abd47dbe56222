package storyloom.model.nn;

import java.util.List;
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
    List<Matrix> gradient = Matrix.stretches(model.gradient().gradient());
    double squares = 0;
    for (Matrix part : gradient) {
      squares += Kernel.of(part).squaredNorm(part);
    }
    norm = Math.sqrt(squares);
    if (norm > largest) {
      for (Matrix part : gradient) {
        Kernel.of(part).scale(part, largest / norm);
      }
    }
  }
}
