package storyloom.pipeline.train.average;

import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.plan.RoundReport;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * Parameter averaging under DL4J's {@code TrainingMaster} interface, for {@link
 * SparkComputationGraph#fitPaths(JavaRDD)} over the paths of shards, one partition and one worker
 * each: an epoch is a row of {@link AveragingRound}s. Adam's moments are averaged with the
 * parameters, iteration counts advance, and every minibatch is trained on exactly once an epoch.
 *
 * <p>Source: McDonald, Hall and Mann 2010 (iterative parameter mixing). DL4J's own master restarts
 * Adam's step count every round, drops minibatches and keeps its broadcasts.
 */
public final class AveragingMaster extends ParameterAveragingTrainingMaster
    implements AutoCloseable {

  private final TrainingPlan plan;
  private final transient SerializableConfiguration hadoop;
  private final transient OuterOptimizer update;
  private final transient StopRequest stop;
  private final transient Predicate<RoundReport> observer;
  private transient JavaRDD<PairShard> shards;
  private transient int rounds;
  private transient int round;
  private transient int halvings;

  /**
   * @param plan what to train and how
   * @param hadoop how the executors reach the shards
   * @param update of the graph that is trained
   * @param stop gives up a round
   * @param observer told of each round; where it says false, the epoch ends there
   */
  public AveragingMaster(
      TrainingPlan plan,
      Configuration hadoop,
      OuterOptimizer update,
      StopRequest stop,
      Predicate<RoundReport> observer) {
    super(
        new Builder(plan.workers(), plan.batch().pairs())
            .batchSizePerWorker(plan.batch().pairs())
            .averagingFrequency(plan.frequency())
            .saveUpdater(true));
    this.plan = plan;
    this.hadoop = new SerializableConfiguration(hadoop);
    this.update = update;
    this.stop = stop;
    this.observer = observer;
  }

  /**
   * Sets what the next epoch begins with.
   *
   * @param round the first to run, counted from 0
   * @param halvings how often the learning rate has been halved
   */
  public void startAt(int round, int halvings) {
    this.round = round;
    this.halvings = halvings;
  }

  /** What is left of an epoch over the shards that {@code paths} names; no loader is used. */
  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer none,
      SparkComputationGraph spark,
      JavaRDD<String> paths,
      DataSetLoader unusedLoader,
      MultiDataSetLoader unusedMultiLoader) {
    if (shards == null) {
      open(spark, paths);
    }
    boolean more = true;
    while (more && round < rounds) {
      RoundReport report = next(spark);
      round++;
      more = observer.test(report);
    }
  }

  /** Whether the epoch has no round left. */
  boolean isEpochDone() {
    return round == rounds;
  }

  private void open(SparkComputationGraph spark, JavaRDD<String> paths) {
    shards =
        PairShards.read(paths, hadoop)
            .setName("training pairs")
            .persist(StorageLevel.MEMORY_AND_DISK());
    BatchSize size = plan.batch();
    int most =
        stop.run(
            spark.getSparkContext(),
            "read the training pairs",
            () -> shards.map(size::minibatches).reduce(Math::max));
    rounds = (most + plan.frequency() - 1) / plan.frequency();
  }

  private RoundReport next(SparkComputationGraph spark) {
    ComputationGraph graph = spark.getNetwork();
    ComputationGraphConfiguration counts = graph.getConfiguration();
    int epoch = counts.getEpochCount();
    TrainingStep step = new TrainingStep(counts.getIterationCount(), halvings);
    AveragingRound next = new AveragingRound(plan, update, stop, step, epoch, round, rounds);
    RoundReport report = next.run(spark.getSparkContext(), shards);
    int iteration = step.iteration() + next.updates();
    counts.setIterationCount(iteration);
    graph.setScore(report.tally().loss());
    for (TrainingListener listener : graph.getListeners()) {
      listener.iterationDone(graph, iteration, epoch);
    }
    return report;
  }

  /** Lets the executors forget the shards. */
  @Override
  public void close() {
    if (shards != null) {
      Unpersist.of(shards);
      shards = null;
    }
  }
}
