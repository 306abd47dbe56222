package storyloom.model.nn;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.Schedule;

/**
 * Configuration of an {@link AdamUpdater}: β1 0.9, β2 0.999, ε 1e-8, and a learning rate that may
 * follow a schedule. It never changes.
 *
 * <p>The updater's state is laid out as ND4J's own Adam has it: all of m, then all of v. DL4J keeps
 * configurations as JSON by their fields.
 */
public final class AdamSpec implements IUpdater {

  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;

  private final Schedule schedule;
  private final double peak;
  private final int warmUp;
  private final double plateauImprovement;

  /** For JSON, which then sets the fields. */
  private AdamSpec() {
    this(LearningRate.constant(1));
  }

  AdamSpec(LearningRate rate) {
    schedule = rate.schedule();
    peak = rate.peak();
    warmUp = rate.warmUp();
    plateauImprovement = rate.plateauImprovement();
  }

  LearningRate learningRate() {
    return new LearningRate(schedule, peak, warmUp, plateauImprovement);
  }

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
    return new AdamSpec(learningRate());
  }

  /** The rate of the update that follows {@code iteration} others, without halvings. */
  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRate().at(iteration + 1L, 0);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule other) {
    throw new UnsupportedOperationException("the learning rate is set by Optimisation");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdamSpec that && learningRate().equals(that.learningRate());
  }

  @Override
  public int hashCode() {
    return Objects.hash(schedule, peak, warmUp, plateauImprovement);
  }
}
