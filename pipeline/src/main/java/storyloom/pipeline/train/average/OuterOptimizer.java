package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.pipeline.train.plan.OuterSettings;

/**
 * Takes a graph from one round to the next, slice by slice as the workers' means arrive, by the
 * formulas of {@link OuterSettings}. Keeps the velocity outside the Java heap, as many numbers as
 * there are parameters, until closed.
 */
public final class OuterOptimizer implements AutoCloseable {

  private final OuterSettings settings;
  private final int workers;
  private final StateSlices state;
  private final INDArray velocity;
  private final StateSlices velocities;

  /**
   * @param graph whose parameters and updater state are written to
   * @param workers how many the means are taken over
   */
  public OuterOptimizer(ComputationGraph graph, OuterSettings settings, int workers) {
    this.settings = settings;
    this.workers = workers;
    this.state = StateSlices.of(graph);
    if (settings.hasVelocity(workers)) {
      try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        this.velocity = Nd4j.create(DataType.FLOAT, graph.params().length());
      }
      this.velocities = StateSlices.of(velocity);
    } else {
      this.velocity = null;
      this.velocities = null;
    }
  }

  /** The graph's parameters and updater state. */
  StateSlices state() {
    return state;
  }

  /** The velocity, to be kept with a checkpoint; empty if the settings need none. */
  public Optional<INDArray> velocity() {
    return Optional.ofNullable(velocity);
  }

  /**
   * Makes the graph's slice what it is after a round.
   *
   * @param round of the training, counted from 0
   * @param number of the slice
   * @param mean of the workers, which this may change
   * @return whether all numbers are finite
   */
  boolean apply(long round, int number, byte[] mean) {
    FloatBuffer next = floats(mean);
    if (velocity != null && number < state.parameters()) {
      FloatBuffer old = floats(state.read(number));
      byte[] v = velocities.read(number);
      switch (settings.kind()) {
        case MOMENTUM -> momentum(round, old, floats(v), next);
        case NESTEROV -> nesterov(round, old, floats(v), next);
        case AVERAGE -> throw new IllegalStateException("plain averaging has no velocity");
      }
      velocities.write(number, v);
    }
    state.write(number, mean);
    return isFinite(next);
  }

  private void momentum(long round, FloatBuffer old, FloatBuffer velocities, FloatBuffer next) {
    double momentum = settings.momentumAt(round, workers);
    double rate = settings.rateAt(round);
    for (int i = 0; i < next.limit(); i++) {
      double delta = (double) next.get(i) - old.get(i);
      double v = momentum * velocities.get(i) + rate * delta;
      velocities.put(i, (float) v);
      next.put(i, (float) (old.get(i) + v));
    }
  }

  private void nesterov(long round, FloatBuffer old, FloatBuffer velocities, FloatBuffer next) {
    double momentum = settings.momentumAt(round, workers);
    double rate = settings.rateAt(round);
    for (int i = 0; i < next.limit(); i++) {
      double delta = (double) next.get(i) - old.get(i);
      double v = momentum * velocities.get(i) + delta;
      velocities.put(i, (float) v);
      next.put(i, (float) (old.get(i) + rate * (delta + momentum * v)));
    }
  }

  private static boolean isFinite(FloatBuffer numbers) {
    int overflow = 0;
    for (int i = 0; i < numbers.limit(); i++) {
      // an exponent of all ones, infinity's and NaN's alone, carries into the sign; a chain of
      // integer operations is four times as short as one of float additions
      overflow |= (Float.floatToRawIntBits(numbers.get(i)) & Integer.MAX_VALUE) + 0x0080_0000;
    }
    return overflow >= 0;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Frees the velocity. */
  @Override
  public void close() {
    if (velocity != null) {
      velocity.close();
    }
  }
}
