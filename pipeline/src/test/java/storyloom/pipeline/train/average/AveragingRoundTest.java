package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.fault.FaultPlugin;
import storyloom.pipeline.fault.Faults;
import storyloom.pipeline.train.SmallTraining;
import storyloom.pipeline.train.plan.OuterSettings;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

class AveragingRoundTest {

  private static final Seq2SeqConfig MODEL = new Seq2SeqConfig(40, 8, 16, 0.1);
  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);
  private static final int BATCH = 35;
  private static final int ROUNDS = 4;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final JavaSparkContext context = LocalSpark.context();
  private final Configuration hadoop = new Configuration();

  @TempDir java.nio.file.Path folder;

  @AfterEach
  void freeGraphs() {
    FaultPlugin.loseBlocksOf(0);
    ExecutorGraph.freeIdle();
  }

  /** So few that not all workers have a minibatch in the last round. */
  private JavaRDD<PairShard> shards(int workers) {
    Path shards = new Path(folder.resolve("shards-" + workers).toUri());
    PairShards.write(
        context.parallelize(SmallTraining.pairs(2 * BATCH * (ROUNDS - 1) + 3), 3),
        workers,
        shards,
        hadoop);
    List<String> paths = PairShards.paths(shards, hadoop).stream().map(Path::toString).toList();
    return PairShards.read(
        context.parallelize(paths, workers), new SerializableConfiguration(hadoop));
  }

  /** Parameters, their average and Adam's state after an epoch, with as many slots as are said. */
  private float[] trained(JavaRDD<PairShard> shards, int slots) {
    int workers = shards.getNumPartitions();
    TrainingPlan plan = new TrainingPlan(MODEL, OPTIMISATION, 1, BATCH, 2, workers);
    Placement placement = new Placement(workers, slots, 1, 1, false);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(MODEL, OPTIMISATION);
        OuterOptimizer outer =
            new OuterOptimizer(
                model.graph(),
                new OuterSettings(OuterSettings.Kind.NESTEROV, 0, 1, 0, 0.9),
                workers)) {
      TrainingPosition position = TrainingPosition.START;
      for (int number = 0; number < ROUNDS; number++) {
        AveragingRound round = new AveragingRound(plan, outer, new StopRequest(), position, ROUNDS);
        RoundReport report = round.run(context, shards, placement);
        position = position.after(report, round.iteration());
      }
      return Stream.of(
              model.graph().params(),
              outer.average().orElseThrow().numbers(),
              model.graph().getUpdater(true).getStateViewArray())
          .map(numbers -> numbers.data().asFloat())
          .reduce(new float[0], AveragingRoundTest::joined);
    }
  }

  private static float[] joined(float[] some, float[] more) {
    float[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  @Test
  void theClusterSizeLeavesNoTrace() {
    JavaRDD<PairShard> shards = shards(5);
    float[] expected = trained(shards, 1);

    for (int slots : new int[] {2, 3, 4, 5, 10}) { // with 10, a worker has two threads
      assertThat(trained(shards, slots)).as("%d slots", slots).isEqualTo(expected);
    }
  }

  @Test
  void workersWhoseExecutorIsLostTrainAgainAndLeaveNoTrace() {
    JavaRDD<PairShard> shards = shards(5);
    float[] expected = trained(shards, 3);

    FaultPlugin.loseBlocksOf(4);

    assertThat(trained(shards, 3)).isEqualTo(expected);
    assertThat(FaultPlugin.leftToLose()).isZero();
  }

  @Test
  void ifAllIsLostAgainAndAgainTheRoundFails() {
    JavaRDD<PairShard> shards = shards(2);
    FaultPlugin.loseBlocksOf(1000);

    assertThatThrownBy(() -> trained(shards, 2))
        .hasMessageContaining("executors were lost with what they had learned 4 times");
  }

  @Test
  void whatAFailedAttemptKeptCountsForNothing() {
    JavaRDD<PairShard> shards = shards(5);
    float[] expected = trained(shards, 3);
    long thrown = FaultPlugin.thrown();
    List<float[]> disturbed = new ArrayList<>();

    // fails when all of its blocks are there
    new Faults(2, 20, 0.5).during(context, () -> disturbed.add(trained(shards, 3)));

    assertThat(FaultPlugin.thrown()).isGreaterThan(thrown);
    assertThat(disturbed.get(0)).isEqualTo(expected);
  }

  @Test
  void aRoundLeavesNoBlockBehind() throws InterruptedException {
    FaultPlugin.loseBlocksOf(1);
    JavaRDD<PairShard> shards = shards(5);
    new Faults(2, 20, 0.5).during(context, () -> trained(shards, 2));

    long end = System.nanoTime() + PATIENCE_NANOS; // Spark removes them in the background
    while (!slices().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(slices()).isEmpty();
  }

  private static List<BlockId> slices() {
    return JavaConverters.seqAsJavaList(
        SparkEnv.get()
            .blockManager()
            .getMatchingBlockIds(block -> block.name().matches(".*_(state|attempt|mean).*")));
  }
}
