package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.FlatFloats;
import storyloom.model.nn.kernel.VelocityStep;
import storyloom.pipeline.train.plan.OuterSettings;

/**
 * Takes a graph from one round to the next, slice by slice as the workers' means arrive, by the
 * formulas of {@link OuterSettings}. Keeps the velocity, and the average of the weights if one is
 * wanted, outside the Java heap, as many numbers each as there are parameters, until closed.
 */
public final class OuterOptimizer implements AutoCloseable {

  /** Numbers taken at a time: they stay in the processor's nearest cache. */
  private static final int BLOCK = 1 << 11;

  private final OuterSettings settings;
  private final int workers;
  private final StateSlices state;
  private final INDArray velocity;
  private final StateSlices velocities;
  private final WeightAverage average;

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
    this.average =
        settings.weightAverage() > 0 ? new WeightAverage(graph, settings.weightAverage()) : null;
  }

  /** The graph's parameters and updater state. */
  StateSlices state() {
    return state;
  }

  /** The velocity, to be kept with a checkpoint; empty if the settings need none. */
  public Optional<INDArray> velocity() {
    return Optional.ofNullable(velocity);
  }

  /** The average of the parameters over the updates; empty if the settings want none. */
  public Optional<WeightAverage> average() {
    return Optional.ofNullable(average);
  }

  /**
   * Makes the graph's slice what it is after a round. Several threads may do so with different
   * slices.
   *
   * @param round of the training, counted from 0
   * @param number of the slice
   * @param mean of the workers
   * @return whether all numbers are finite
   */
  boolean apply(long round, int number, ByteBuffer mean) {
    if (velocity != null && number < state.parameters()) {
      FlatFloats.step(state.view(number), velocities.view(number), mean, step(round));
    } else {
      state.write(number, mean);
    }
    return isFinite(state.view(number));
  }

  private VelocityStep step(long round) {
    double momentum = settings.momentumAt(round, workers);
    double rate = settings.rateAt(round);
    return switch (settings.kind()) {
      case MOMENTUM -> new VelocityStep(momentum, rate, 1, 0, 1);
      case NESTEROV -> new VelocityStep(momentum, 1, rate, 1, momentum);
      case AVERAGE -> throw new IllegalStateException("plain averaging has no velocity");
    };
  }

  private static boolean isFinite(ByteBuffer numbers) {
    IntBuffer bits = numbers.asIntBuffer();
    int[] block = new int[BLOCK];
    int overflow = 0;
    for (int start = 0; start < bits.limit(); start += BLOCK) {
      int count = Math.min(BLOCK, bits.limit() - start);
      bits.get(start, block, 0, count);
      for (int i = 0; i < count; i++) {
        // an exponent of all ones, infinity's and NaN's alone, carries into the sign; a chain of
        // integer operations is four times as short as one of float additions
        overflow |= (block[i] & Integer.MAX_VALUE) + 0x0080_0000;
      }
    }
    return overflow >= 0;
  }

  /** Frees the velocity and the average. */
  @Override
  public void close() {
    if (average != null) {
      average.close();
    }
    if (velocity != null) {
      velocity.close();
    }
  }
}
