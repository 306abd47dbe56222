package storyloom.pipeline.train.average;

import org.apache.hadoop.conf.Configuration;
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
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.plan.DistributionStrategy;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Parameter averaging (iterative parameter mixing: McDonald, Hall and Mann 2010). It is a {@code
 * TrainingMaster} of DL4J, in the place of DL4J's own, because parameter averaging by DL4J on Spark
 * is what users ask for and know: {@link SparkComputationGraph} and its listeners work as ever, and
 * each call of its {@link SparkComputationGraph#fitPaths(JavaRDD)} is one {@link AveragingRound}
 * here, over one partition and one worker for each shard.
 *
 * <p>DL4J's own master restarts Adam's step count every round, drops minibatches and keeps its
 * broadcasts. Here, Adam's moments are averaged with the parameters, iteration counts advance, and
 * every minibatch is trained on exactly once an epoch.
 */
public final class AveragingMaster extends ParameterAveragingTrainingMaster
    implements DistributionStrategy {

  private static final StorageLevel KEPT = StorageLevel.MEMORY_AND_DISK();

  private final TrainingPlan plan;
  private final transient SparkComputationGraph spark;
  private final transient OuterOptimizer outer;
  private final transient JavaRDD<String> paths;
  private final transient JavaRDD<PairShard> shards;
  private final transient StopRequest stop;
  private transient Placement placement;
  private transient AveragingRound round;
  private transient int rounds;
  private transient TrainingPosition position;
  private transient RoundReport report;

  /**
   * @param plan what to train and how
   * @param graph the driver's
   * @param outer takes the graph from one round to the next
   * @param paths of the training split's shards, a partition each
   * @param hadoop how the executors reach the shards
   * @param stop gives up a round
   */
  public AveragingMaster(
      JavaSparkContext context,
      TrainingPlan plan,
      ComputationGraph graph,
      OuterOptimizer outer,
      JavaRDD<String> paths,
      Configuration hadoop,
      StopRequest stop) {
    super(
        new Builder(plan.workers(), plan.batch().pairs())
            .batchSizePerWorker(plan.batch().pairs())
            .averagingFrequency(plan.frequency())
            .saveUpdater(true));
    this.plan = plan;
    this.spark = new SparkComputationGraph(context, graph, this);
    this.outer = outer;
    this.paths = paths;
    this.stop = stop;
    this.shards =
        PairShards.read(paths, new SerializableConfiguration(hadoop))
            .setName("training pairs")
            .persist(KEPT);
  }

  @Override
  public int roundsPerEpoch() {
    if (rounds == 0) {
      BatchSize size = plan.batch();
      Placement now = placed();
      WorkerRanges ranges = new WorkerRanges(now.workers(), now.tasks());
      int most =
          stop.run(
              spark.getSparkContext(),
              "read the training pairs",
              () -> ranges.of(shards).map(size::minibatches).reduce(Math::max));
      rounds = (most + plan.frequency() - 1) / plan.frequency();
    }
    return rounds;
  }

  @Override
  public RoundReport train(TrainingPosition position) {
    this.position = position;
    spark.fitPaths(paths); // comes back to executeTrainingPaths, then counts one more epoch
    boolean isLast = position.round() + 1 == roundsPerEpoch();
    spark.getNetwork().getConfiguration().setEpochCount(position.epoch() + (isLast ? 1 : 0));
    return report;
  }

  /** A round of averaging, whose shards are read already; no loader is used. */
  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer none,
      SparkComputationGraph spark,
      JavaRDD<String> paths,
      DataSetLoader unusedLoader,
      MultiDataSetLoader unusedMultiLoader) {
    AveragingRound next = new AveragingRound(plan, outer, stop, position, roundsPerEpoch());
    report = next.run(spark.getSparkContext(), shards, placed());
    round = next; // the one before it is garbage now; then, Spark removes its blocks once more
    ComputationGraph graph = spark.getNetwork();
    graph.getConfiguration().setIterationCount(round.iteration());
    graph.setScore(report.tally().loss());
    for (TrainingListener listener : graph.getListeners()) {
      listener.iterationDone(graph, round.iteration(), position.epoch());
    }
  }

  /**
   * Where the workers are to train now. If that has changed, executors read shards anew where they
   * are needed: what others keep would be fetched from them every round.
   */
  private Placement placed() {
    Placement now = Placement.of(spark.getSparkContext(), plan.workers());
    if (placement != null && !now.equals(placement)) {
      shards.unpersist(false).persist(KEPT);
    }
    placement = now;
    return now;
  }

  /** Lets the executors forget the shards. */
  @Override
  public void close() {
    Unpersist.of(shards);
  }
}
