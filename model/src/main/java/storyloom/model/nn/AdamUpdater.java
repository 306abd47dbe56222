package storyloom.model.nn;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * Adam in one pass over gradient and moments, which ND4J's own takes several times as long for. The
 * equations stand at {@link AdamStep}. Source: Kingma and Ba 2015; PyTorch: {@code
 * torch.optim.Adam}.
 */
public final class AdamUpdater implements GradientUpdater<AdamSpec> {

  private static final String M = "M";
  private static final String V = "V";

  private final AdamSpec spec;
  private INDArray m;
  private INDArray v;
  private int halvings;

  AdamUpdater(AdamSpec spec) {
    this.spec = spec;
  }

  /** Sets how often the learning rate has been halved, from the next update on. */
  void setHalvings(int halvings) {
    this.halvings = halvings;
  }

  @Override
  public AdamSpec getConfig() {
    return spec;
  }

  /** Takes the arrays M and V as they are, flat; {@code initialise} clears them. */
  @Override
  public void setState(Map<String, INDArray> state, boolean initialise) {
    m = state.get(M);
    v = state.get(V);
    if (initialise) {
      m.assign(0);
      v.assign(0);
    }
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(M, m, V, v);
  }

  /**
   * Takes the first half of an array as m and the second as v.
   *
   * @param state of twice as many numbers as there are parameters
   */
  @Override
  public void setStateViewArray(
      INDArray state, long[] gradientShape, char gradientOrder, boolean initialise) {
    INDArray flat = state.reshape(state.length());
    long half = flat.length() / 2;
    setState(
        Map.of(
            M, flat.get(NDArrayIndex.interval(0, half)),
            V, flat.get(NDArrayIndex.interval(half, 2 * half))),
        initialise);
  }

  /**
   * Turns the gradient into the update, which DL4J then subtracts from the parameters.
   *
   * @param iteration updates made before this one
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    long number = iteration + 1L;
    AdamStep step =
        new AdamStep(
            spec.learningRate().at(number, halvings),
            AdamSpec.BETA1,
            AdamSpec.BETA2,
            AdamSpec.EPSILON,
            number);
    List<Matrix> gradients = Matrix.stretches(gradient);
    List<Matrix> means = Matrix.stretches(m);
    List<Matrix> squares = Matrix.stretches(v);
    for (int i = 0; i < gradients.size(); i++) {
      Matrix part = gradients.get(i);
      Kernel.of(part).adam(part, means.get(i), squares.get(i), step);
    }
  }
}
