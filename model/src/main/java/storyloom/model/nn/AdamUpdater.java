package storyloom.model.nn;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.AdamTensor;
import storyloom.model.nn.kernel.Matrix;

/**
 * Adam in one pass over gradient and moments, which ND4J's own takes several times as long for. The
 * equations stand at {@link AdamStep}. Source: Kingma and Ba 2015; PyTorch: {@code
 * torch.optim.Adam}.
 */
public final class AdamUpdater implements GradientUpdater<AdamUpdater.Spec> {

  /**
   * Configuration of an {@link AdamUpdater}: β1 0.9, β2 0.999, ε 1e-8, and a learning rate that may
   * follow a schedule. It never changes. DL4J's JSON does not know it.
   *
   * <p>The updater's state is laid out as ND4J's own Adam has it: all of m, then all of v.
   *
   * @param learningRate update by update
   */
  public record Spec(LearningRate learningRate) implements IUpdater {

    @Override
    public long stateSize(long parameters) {
      return 2 * parameters;
    }

    @Override
    public AdamUpdater instantiate(INDArray state, boolean initialise) {
      AdamUpdater updater = new AdamUpdater(this);
      updater.setStateViewArray(state, new long[] {state.length() / 2}, 'c', initialise);
      return updater;
    }

    @Override
    public AdamUpdater instantiate(Map<String, INDArray> state, boolean initialise) {
      AdamUpdater updater = new AdamUpdater(this);
      updater.setState(state, initialise);
      return updater;
    }

    @Override
    public IUpdater clone() {
      return this;
    }

    /** The rate of the update that follows {@code iteration} others, without halvings. */
    @Override
    public double getLearningRate(int iteration, int epoch) {
      return learningRate.at(iteration + 1L, 0);
    }

    @Override
    public boolean hasLearningRate() {
      return true;
    }

    @Override
    public void setLrAndSchedule(double rate, ISchedule other) {
      throw new UnsupportedOperationException("the learning rate is set by Optimisation");
    }
  }

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;
  private static final String M = "M";
  private static final String V = "V";

  private final Spec spec;
  private INDArray m;
  private INDArray v;
  private int halvings;

  AdamUpdater(Spec spec) {
    this.spec = spec;
  }

  /** Sets how often the learning rate has been halved, from the next update on. */
  void setHalvings(int halvings) {
    this.halvings = halvings;
  }

  @Override
  public Spec getConfig() {
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
   * Turns the gradient into the update, which DL4J's own {@code fit} subtracts from the parameters;
   * {@link ClippedAdam} does without.
   *
   * @param iteration updates made before this one
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    List<Matrix> gradients = Matrix.stretches(gradient);
    List<Matrix> means = Matrix.stretches(m);
    List<Matrix> squares = Matrix.stretches(v);
    try (INDArray descent = Nd4j.zeros(gradient.dataType(), gradient.length())) {
      List<Matrix> descents = Matrix.stretches(descent);
      for (int i = 0; i < gradients.size(); i++) {
        AdamTensor tensor =
            new AdamTensor(descents.get(i), gradients.get(i), means.get(i), squares.get(i));
        tensor.kernel().adam(tensor, 1, step(iteration));
      }
      gradient.assign(descent.negi().reshape(gradient.shape()));
    }
  }

  /**
   * What the next update needs.
   *
   * @param iteration updates made before it
   */
  AdamStep step(int iteration) {
    long number = iteration + 1L;
    return AdamStep.of(spec.learningRate().at(number, halvings), BETA1, BETA2, EPSILON, number);
  }

  /** m, flat. */
  INDArray mean() {
    return m;
  }

  /** v, flat. */
  INDArray meanSquare() {
    return v;
  }
}
