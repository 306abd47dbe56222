package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A state on its way out to the workers, and where training stands. It goes from executor to
 * executor as Spark's broadcasts do, but comes as {@link SliceBlocks} that all tasks of an executor
 * read where they are: each worker starts by one copy from there into its graph.
 */
public final class StateBroadcast implements AutoCloseable, Serializable {

  private final SliceBlocks blocks;
  private final int slices;
  private final int iteration;
  private final int halvings;

  private StateBroadcast(SliceBlocks blocks, int slices, int iteration, int halvings) {
    this.blocks = blocks;
    this.slices = slices;
    this.iteration = iteration;
    this.halvings = halvings;
  }

  /**
   * Sends parameters and updater state to the executors: all that a round starts from.
   *
   * @param iteration updates made so far, on which Adam's bias correction, the learning rate and
   *     dropout's draws depend
   * @param halvings how often the learning rate has been halved
   */
  static StateBroadcast of(
      JavaSparkContext context, StateSlices state, int iteration, int halvings) {
    return of(context, state, state.count(), iteration, halvings);
  }

  /** Sends the parameters alone to the executors: enough for scoring. */
  public static StateBroadcast ofParameters(JavaSparkContext context, StateSlices state) {
    return of(context, state, state.parameters(), 0, 0);
  }

  private static StateBroadcast of(
      JavaSparkContext context, StateSlices state, int slices, int iteration, int halvings) {
    SliceBlocks blocks = SliceBlocks.open(context);
    IntStream.range(0, slices)
        .parallel()
        .forEach(slice -> blocks.offer(name(slice), ByteBuffer.wrap(state.read(slice))));
    return new StateBroadcast(blocks, slices, iteration, halvings);
  }

  private static String name(int slice) {
    return "state" + slice;
  }

  /** For what comes back; removed with this. */
  SliceBlocks blocks() {
    return blocks;
  }

  /** On a worker: makes a graph's state this one. */
  public void loadInto(ExecutorGraph graph) {
    blocks.enter();
    List<Integer> order = IntStream.range(0, slices).boxed().collect(Collectors.toList());
    Collections.shuffle(order); // so that executors have different ones to pass on
    for (int slice : order) {
      try (SliceBlocks.Block block = blocks.find(name(slice))) {
        graph.state().write(slice, block.bytes());
      }
    }
    blocks.leave();
    graph.setStep(iteration, halvings);
  }

  @Override
  public void close() {
    blocks.close();
  }
}
