package storyloom.pipeline.train;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import storyloom.model.nn.kernel.TokenTally;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;

/**
 * Parameter averaging under DL4J's {@code TrainingMaster} interface, for {@link
 * SparkComputationGraph#fitPaths(JavaRDD)} over the paths of shards, one partition and one worker
 * each. A round: the state goes out by broadcast; each worker trains on its next minibatches; each
 * slice of the state comes back as the mean over workers, weighted by tokens, summed in worker
 * order. Adam's moments are averaged with the parameters, iteration counts advance, and every
 * minibatch is trained on exactly once an epoch.
 *
 * <p>Source: McDonald, Hall and Mann 2010 (iterative parameter mixing). DL4J's own master restarts
 * Adam's step count every round, drops minibatches and keeps its broadcasts.
 */
final class AveragingMaster extends ParameterAveragingTrainingMaster implements AutoCloseable {

  private final TrainingPlan plan;
  private final transient SerializableConfiguration hadoop;
  private final transient Consumer<RoundReport> progress;
  private transient JavaRDD<PairShard> shards;
  private transient int rounds;
  private transient int halvings;

  /**
   * @param plan what to train and how
   * @param hadoop how the executors reach the shards
   * @param progress told of each round
   */
  AveragingMaster(TrainingPlan plan, Configuration hadoop, Consumer<RoundReport> progress) {
    super(
        new Builder(plan.workers(), plan.batch())
            .batchSizePerWorker(plan.batch())
            .averagingFrequency(plan.frequency())
            .saveUpdater(true));
    this.plan = plan;
    this.hadoop = new SerializableConfiguration(hadoop);
    this.progress = progress;
  }

  /** One epoch over the shards that {@code paths} names; the loaders are not used. */
  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer none,
      SparkComputationGraph spark,
      JavaRDD<String> paths,
      DataSetLoader unusedLoader,
      MultiDataSetLoader unusedMultiLoader) {
    if (shards == null) {
      open(paths);
    }
    for (int round = 0; round < rounds; round++) {
      progress.accept(round(spark, round));
    }
  }

  /** Sets how often the learning rate has been halved, from the next round on. */
  void setHalvings(int halvings) {
    this.halvings = halvings;
  }

  /** Rounds in an epoch; 0 before the first. */
  int rounds() {
    return rounds;
  }

  private void open(JavaRDD<String> paths) {
    shards = paths.mapPartitions(new ShardReading(hadoop)).persist(StorageLevel.MEMORY_AND_DISK());
    int most = shards.map(PairShard::size).reduce(Math::max);
    int minibatches = EpochPlan.minibatches(most, plan.batch());
    rounds = EpochPlan.minibatches(minibatches, plan.frequency());
  }

  private RoundReport round(SparkComputationGraph spark, int round) {
    JavaSparkContext context = spark.getSparkContext();
    ComputationGraph graph = spark.getNetwork();
    int epoch = graph.getConfiguration().getEpochCount();
    TrainingStep step = new TrainingStep(graph.getConfiguration().getIterationCount(), halvings);
    StateSlices state = new StateSlices(graph);
    long started = System.nanoTime();
    List<WorkerReport> reports = new ArrayList<>();

    context.setJobDescription(
        "train: epoch " + (epoch + 1) + ", round " + (round + 1) + " of " + rounds);
    try (StateBroadcast broadcast = StateBroadcast.ofAll(context, state, step)) {
      JavaPairRDD<SliceKey, Share> shares =
          JavaPairRDD.fromJavaRDD(
                  shards.mapPartitionsWithIndex(
                      new WorkerRound(plan, broadcast, epoch, round), true))
              .repartitionAndSortWithinPartitions(new SliceKey.BySlice(state.count() + 1));
      JavaRDD<byte[]> means =
          shares.mapPartitionsWithIndex(new ShareReduction(state.count()), true);
      collect(context, means, state, reports);
      forget(context, shares);
    } finally {
      context.setJobDescription(null);
    }
    return finish(graph, epoch, round, reports, (System.nanoTime() - started) / 1e9);
  }

  /** Takes each slice as it arrives straight into the graph: the driver never holds them all. */
  private static void collect(
      JavaSparkContext context,
      JavaRDD<byte[]> means,
      StateSlices state,
      List<WorkerReport> reports) {
    ArrivingSlices.collect(
        context.sc(),
        means.rdd(),
        (slice, bytes) -> {
          if (slice < state.count()) {
            state.write(slice, bytes);
          } else {
            ByteBuffer joined = ByteBuffer.wrap(bytes);
            while (joined.hasRemaining()) {
              reports.add(WorkerReport.read(joined));
            }
          }
        });
  }

  /** Deletes a round's shuffle files now rather than when the driver's garbage is collected. */
  private static void forget(JavaSparkContext context, JavaPairRDD<SliceKey, Share> shares) {
    int shuffle = ((ShuffleDependency<?, ?, ?>) shares.rdd().dependencies().head()).shuffleId();
    context.sc().cleaner().get().doCleanupShuffle(shuffle, false);
  }

  private RoundReport finish(
      ComputationGraph graph, int epoch, int round, List<WorkerReport> reports, double seconds) {
    TokenTally tally =
        reports.stream().map(WorkerReport::tally).reduce(TokenTally.NONE, TokenTally::plus);
    int trained = reports.stream().mapToInt(WorkerReport::minibatches).max().orElseThrow();
    long slowest = reports.stream().mapToLong(WorkerReport::computeNanos).max().orElseThrow();
    int iteration = graph.getConfiguration().getIterationCount() + trained;
    graph.getConfiguration().setIterationCount(iteration);
    graph.setScore(tally.loss());
    for (TrainingListener listener : graph.getListeners()) {
      listener.iterationDone(graph, iteration, epoch);
    }
    double rate = plan.optimisation().learningRate().at(iteration, halvings);
    return new RoundReport(epoch, round, rounds, tally, seconds, slowest / 1e9, rate);
  }

  /** Lets the executors forget the shards. */
  @Override
  public void close() {
    if (shards != null) {
      shards.unpersist();
      shards = null;
    }
  }
}
