package storyloom.pipeline.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.kernel.TokenTally;
import storyloom.pipeline.batch.PairShards;

/**
 * Trains an attention seq2seq across the executors by parameter averaging: the whole loop, epoch by
 * epoch, is {@link #train}.
 */
public final class Trainer implements AutoCloseable {

  private final JavaSparkContext context;
  private final TrainingPlan plan;
  private final Configuration hadoop;
  private final TrainingProgress progress;
  private final Seq2SeqGraph model;

  /**
   * @param context the cluster
   * @param plan what to train and how
   * @param hadoop how shards are reached
   * @param progress told of rounds and epochs
   */
  public Trainer(
      JavaSparkContext context,
      TrainingPlan plan,
      Configuration hadoop,
      TrainingProgress progress) {
    this.context = context;
    this.plan = plan;
    this.hadoop = hadoop;
    this.progress = progress;
    NativeThreads.set(1);
    this.model = Seq2SeqGraph.create(plan.model(), plan.optimisation());
  }

  /** The graph that is trained; its weights are the averaged ones between rounds. */
  public Seq2SeqGraph model() {
    return model;
  }

  /**
   * Trains all epochs.
   *
   * @param trainShards folder of the training split's shards, one for each worker
   * @param validShards folder of the validation split's shards
   * @return a report for each epoch
   * @throws storyloom.model.UserException if a shard is missing or damaged
   */
  public List<EpochReport> train(Path trainShards, Path validShards) {
    List<EpochReport> reports = new ArrayList<>();
    RoundTally rounds = new RoundTally();
    try (AveragingMaster master = new AveragingMaster(plan, hadoop, rounds);
        ClusterScore score =
            new ClusterScore(
                context, plan, paths(validShards), new SerializableConfiguration(hadoop))) {
      SparkComputationGraph spark = new SparkComputationGraph(context, model.graph(), master);
      JavaRDD<String> paths = paths(trainShards);
      for (int epoch = 0; epoch < plan.epochs(); epoch++) {
        master.setHalvings(halvings(reports));
        spark.fitPaths(paths);
        EpochReport report = new EpochReport(epoch, rounds.tally, score.of(model), rounds.seconds);
        progress.epochDone(report);
        reports.add(report);
        rounds.clear();
      }
    }
    return reports;
  }

  private int halvings(List<EpochReport> epochs) {
    return plan.optimisation()
        .learningRate()
        .halvings(epochs.stream().map(epoch -> epoch.valid().perplexity()).toList());
  }

  private JavaRDD<String> paths(Path shards) {
    List<String> paths = PairShards.paths(shards, hadoop).stream().map(Path::toString).toList();
    return context.parallelize(paths, paths.size());
  }

  /** Frees the graph, and those that tasks in this JVM have used. */
  @Override
  public void close() {
    model.close();
    TrainingSlot.freeIdle();
  }

  /** Adds up the rounds of an epoch and passes them on. */
  private final class RoundTally implements Consumer<RoundReport> {
    private TokenTally tally = TokenTally.NONE;
    private double seconds;

    @Override
    public void accept(RoundReport report) {
      tally = tally.plus(report.tally());
      seconds += report.seconds();
      progress.roundDone(report);
    }

    void clear() {
      tally = TokenTally.NONE;
      seconds = 0;
    }
  }
}
