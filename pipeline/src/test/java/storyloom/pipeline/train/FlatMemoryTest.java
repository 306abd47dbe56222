package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Rounds leave nothing behind, neither on the Java heap nor outside of it, in a JVM that is driver
 * and executor at once. The state of this model has 28 MB: one that is held on to each round would
 * be far beyond the bounds.
 */
class FlatMemoryTest {

  private static final Seq2SeqConfig MODEL = new Seq2SeqConfig(9000, 64, 64, 0.1);
  private static final int BATCH = 4;
  private static final int WORKERS = 2;
  private static final int ROUNDS_AN_EPOCH = 5;

  /** By then the graphs are built, classes are loaded and the loops compiled. */
  private static final int WARM_UP = 5;

  private static final int CALM_COLLECTIONS = 5;
  private static final long PATIENCE_SECONDS = 60;
  private static final long MEGABYTE = 1 << 20;
  private static final long HEAP_BOUND = 56 * MEGABYTE;
  private static final long ARRAYS_BOUND = 28 * MEGABYTE;
  private static final long PROCESS_BOUND = 200 * MEGABYTE;

  private final JavaSparkContext context = LocalSpark.context();
  private final Configuration hadoop = new Configuration();

  @TempDir java.nio.file.Path folder;

  /**
   * What is in use after a collection, in bytes.
   *
   * @param heap live objects
   * @param arrays what JavaCPP has allocated
   * @param process resident memory, in which the heap counts in full from the start
   */
  private record Memory(long heap, long arrays, long process) {

    static Memory now() {
      System.gc();
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      return new Memory(heap.getUsed(), Pointer.totalBytes(), Pointer.physicalBytes());
    }

    /** Spark and ND4J let go in the background: collects until nothing more comes free. */
    static Memory settled() {
      Memory last = now();
      for (int calm = 0; calm < CALM_COLLECTIONS; calm++) {
        Memory next = now();
        if (next.heap < last.heap - MEGABYTE || next.process < last.process - MEGABYTE) {
          calm = 0;
        }
        last = next;
      }
      return last;
    }

    boolean isWithinBoundsOf(Memory before) {
      return heap < before.heap + HEAP_BOUND
          && arrays < before.arrays + ARRAYS_BOUND
          && process < before.process + PROCESS_BOUND;
    }
  }

  /** Takes the measure when the warm-up is over. */
  private static final class WarmUp implements TrainingProgress {
    private int rounds;
    private Memory after;

    @Override
    public void roundDone(RoundReport report) {
      rounds++;
      if (rounds == WARM_UP) {
        after = Memory.settled();
      }
    }

    @Override
    public void epochDone(EpochReport report) {}
  }

  @Test
  void twentyFiveRoundsLeaveMemoryFlat() {
    requireFlat(25);
  }

  @Test
  @Tag("soak")
  void twoHundredRoundsLeaveMemoryFlat() {
    requireFlat(200);
  }

  private void requireFlat(int rounds) {
    WarmUp warmUp = new WarmUp();
    TrainingPlan plan =
        new TrainingPlan(
            MODEL,
            new Optimisation(0.001, 5, 1),
            rounds / ROUNDS_AN_EPOCH,
            BATCH * WORKERS,
            1,
            WORKERS);
    Path shards = shards();
    try (Trainer trainer = new Trainer(context, plan, hadoop, warmUp)) {
      trainer.train(shards, shards);

      assertThat(warmUp.rounds).isEqualTo(rounds);
      assertThat(awaited(warmUp.after))
          .matches(memory -> memory.isWithinBoundsOf(warmUp.after), "as flat as " + warmUp.after);
    }
  }

  /** What is in use in the end, as soon as it is within the bounds, or when patience is over. */
  private static Memory awaited(Memory before) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Memory now = Memory.settled();
    while (!now.isWithinBoundsOf(before) && System.nanoTime() < end) {
      now = Memory.settled();
    }
    return now;
  }

  private Path shards() {
    Random random = new Random(4);
    Path path = new Path(folder.resolve("shards").toUri());
    PairShards.write(
        context.parallelize(
            Stream.generate(
                    () ->
                        new EncodedPair(
                            random.ints(3, 4, 9000).toArray(), random.ints(4, 4, 9000).toArray()))
                .limit((long) BATCH * WORKERS * ROUNDS_AN_EPOCH)
                .toList()),
        WORKERS,
        path,
        hadoop);
    return path;
  }
}
