package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import org.junit.jupiter.api.Test;
import storyloom.pipeline.LocalSpark;

class SliceReductionTest {

  private static final int SLICES = 5;

  private final JavaSparkContext context = LocalSpark.context();
  private final Map<Integer, Float> received = new ConcurrentHashMap<>();

  private static ByteBuffer bytes(float number) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.nativeOrder());
    return bytes.putFloat(0, number);
  }

  private void receive(int slice, ByteBuffer mean) {
    received.put(slice, mean.duplicate().order(ByteOrder.nativeOrder()).getFloat(0));
  }

  /** Node w of three weighs w + 1 and holds 10 w + s in slice s. */
  private static List<RangeMeans.Node> kept(SliceBlocks blocks) {
    for (int worker = 0; worker < 3; worker++) {
      for (int slice = 0; slice < SLICES; slice++) {
        blocks.put("node" + worker + "_" + slice, bytes(10 * worker + slice));
      }
    }
    return IntStream.range(0, 3)
        .mapToObj(
            worker ->
                new RangeMeans.Node(worker, worker + 1, SliceBlocks.here(), "node" + worker + "_"))
        .toList();
  }

  /** (1 · s + 2 · (10 + s) + 3 · (20 + s)) / 6 = s + 80 / 6, rounded on the way. */
  private void requireMeans() {
    for (int slice = 0; slice < SLICES; slice++) {
      float two = (float) ((slice + 2.0 * (10 + slice)) / 3);
      assertThat(received)
          .containsEntry(slice, (float) ((3 * (double) two + 3.0 * (20 + slice)) / 6));
    }
  }

  @Test
  void theDriverSumsWhatIsInItsOwnProcess() {
    try (SliceBlocks blocks = SliceBlocks.open(context);
        SliceReduction reduction = new SliceReduction(blocks, SLICES, this::receive)) {
      assertThat(reduction.run(context, kept(blocks), 2)).isEmpty();

      assertThat(reduction.isDone()).isTrue();
      requireMeans();
    }
  }

  @Test
  void tasksGiveTheSameMeans() {
    try (SliceBlocks blocks = SliceBlocks.open(context);
        SliceReduction reduction = new SliceReduction(blocks, SLICES, this::receive)) {
      assertThat(reduction.sumInTasks(context, kept(blocks), 2)).isEmpty();

      assertThat(reduction.isDone()).isTrue();
      requireMeans();
    }
  }

  @Test
  void whoDoesNotHaveItsSlicesIsNamedAndTheRestIsDoneWhenTheyAreThereAgain() {
    try (SliceBlocks blocks = SliceBlocks.open(context);
        SliceReduction reduction = new SliceReduction(blocks, SLICES, this::receive)) {
      List<RangeMeans.Node> nodes = kept(blocks);
      ByteBuffer lost = blocks.take(nodes.get(1).name(SLICES - 1));

      assertThat(reduction.sumInTasks(context, nodes, 2)).containsExactly(SliceBlocks.here());
      assertThat(reduction.isDone()).isFalse();
      assertThat(received).doesNotContainKey(SLICES - 1);

      blocks.put(nodes.get(1).name(SLICES - 1), lost);
      assertThat(reduction.sumInTasks(context, nodes, 2)).isEmpty();
      requireMeans();
    }
  }

  @Test
  void anExecutorThatIsNotThereIsLost() {
    BlockManagerId nobody = BlockManagerId.apply("7", "127.0.0.1", 1, scala.Option.empty());
    try (SliceBlocks blocks = SliceBlocks.open(context);
        SliceReduction reduction = new SliceReduction(blocks, SLICES, this::receive)) {
      kept(blocks);

      assertThat(reduction.sum(List.of(new RangeMeans.Node(0, 1, nobody, "node0_"))))
          .containsExactly(nobody);
    }
  }
}
