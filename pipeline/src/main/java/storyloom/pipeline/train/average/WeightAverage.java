package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.FlatFloats;

/**
 * The exponential moving average of a graph's parameters over its updates, taken at the end of each
 * round: after a round of k updates, t updates after the start, with p the new parameters,
 *
 * <pre>
 *   average = d · average + (1 − d) · p,  d = min(decay^k, t / (t + k))
 * </pre>
 *
 * <p>So it begins as the plain mean of all rounds, in which the random weights of the start have no
 * part, and forgets from when that would look back further than the decay does (Polyak and Juditsky
 * 1992; PyTorch: {@code AveragedModel} with {@code get_ema_multi_avg_fn}). Kept outside the Java
 * heap, as many numbers as there are parameters, until closed.
 */
public final class WeightAverage implements AutoCloseable {

  private final double decay;
  private final StateSlices state;
  private final INDArray numbers;
  private final StateSlices average;

  /**
   * @param graph whose parameters are followed
   * @param decay of an update, above 0 and below 1
   */
  WeightAverage(ComputationGraph graph, double decay) {
    this.decay = decay;
    this.state = StateSlices.of(graph);
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      this.numbers = Nd4j.create(DataType.FLOAT, graph.params().length());
    }
    this.average = StateSlices.of(numbers);
  }

  /**
   * Follows a slice of the graph at the end of a round, if it holds parameters. Several threads may
   * do so with different slices.
   *
   * @param number of the slice
   * @param before updates before the round
   * @param updates of the round, at least 1
   */
  void follow(int number, long before, long updates) {
    if (number < state.parameters()) {
      double kept = kept(before, updates);
      ByteBuffer mean = average.view(number);
      FlatFloats.mean(mean, kept, state.view(number), 1 - kept, mean);
    }
  }

  /**
   * Follows the whole graph at the end of a round.
   *
   * @param before updates before the round
   * @param updates of the round, at least 1
   */
  public void follow(long before, long updates) {
    for (int number = 0; number < state.parameters(); number++) {
      follow(number, before, updates);
    }
  }

  private double kept(long before, long updates) {
    return Math.min(StrictMath.pow(decay, updates), (double) before / (before + updates));
  }

  /** Has the graph's parameters and their average change places; twice, and all is as before. */
  public void exchange() {
    for (int number = 0; number < average.count(); number++) {
      byte[] last = state.read(number);
      state.write(number, average.view(number));
      average.write(number, ByteBuffer.wrap(last));
    }
  }

  /** The average [P], to be kept with a checkpoint, in the order of the graph's parameters. */
  public INDArray numbers() {
    return numbers;
  }

  /** Frees the average. */
  @Override
  public void close() {
    numbers.close();
  }
}
