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
import storyloom.pipeline.train.plan.OuterStep;

/**
 * Takes a graph from one round to the next by an {@link OuterStep}, slice by slice as the means
 * arrive. Keeps the velocity outside the Java heap, as many numbers as there are parameters, until
 * closed.
 */
public final class OuterOptimizer implements AutoCloseable {

  private final OuterStep step;
  private final int workers;
  private final StateSlices state;
  private final INDArray velocity;
  private final StateSlices velocities;

  /**
   * @param graph whose parameters and updater state are written to
   * @param workers how many the means are taken over
   */
  public OuterOptimizer(ComputationGraph graph, OuterStep step, int workers) {
    this.step = step;
    this.workers = workers;
    this.state = StateSlices.of(graph);
    if (step.hasVelocity(workers)) {
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

  /** The velocity, to be kept with a checkpoint; empty where the step needs none. */
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
      byte[] speed = velocities.read(number);
      switch (step.kind()) {
        case MOMENTUM -> momentum(round, old, floats(speed), next);
        case NESTEROV -> nesterov(round, old, floats(speed), next);
        case AVERAGE -> throw new IllegalStateException("a mean has no velocity");
      }
      velocities.write(number, speed);
    }
    state.write(number, mean);
    return isFinite(next);
  }

  private void momentum(long round, FloatBuffer old, FloatBuffer speed, FloatBuffer next) {
    double momentum = step.momentumAt(round, workers);
    double rate = step.rateAt(round);
    for (int i = 0; i < next.limit(); i++) {
      double way = (double) next.get(i) - old.get(i);
      double v = momentum * speed.get(i) + rate * way;
      speed.put(i, (float) v);
      next.put(i, (float) (old.get(i) + v));
    }
  }

  private void nesterov(long round, FloatBuffer old, FloatBuffer speed, FloatBuffer next) {
    double momentum = step.momentumAt(round, workers);
    double rate = step.rateAt(round);
    for (int i = 0; i < next.limit(); i++) {
      double way = (double) next.get(i) - old.get(i);
      double v = momentum * speed.get(i) + way;
      speed.put(i, (float) v);
      next.put(i, (float) (old.get(i) + rate * (way + momentum * v)));
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

  @Override
  public void close() {
    if (velocity != null) {
      velocity.close();
    }
  }
}
