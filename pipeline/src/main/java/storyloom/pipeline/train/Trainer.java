package storyloom.pipeline.train;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.average.AveragingMaster;
import storyloom.pipeline.train.average.ExecutorGraph;
import storyloom.pipeline.train.average.OuterOptimizer;
import storyloom.pipeline.train.average.WeightAverage;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.DistributionStrategy;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;
import storyloom.pipeline.train.plan.TrainingResult;
import storyloom.pipeline.train.plan.TrainingResult.Ending;

/**
 * Trains an attention seq2seq across the executors: the whole loop, over epochs and rounds, is
 * {@link #train}; what a round does is its {@link DistributionStrategy}'s, parameter averaging. A
 * single worker can be trained inside a task as well, by the same loop.
 */
public final class Trainer implements AutoCloseable {

  private final Optional<JavaSparkContext> context;
  private final TrainingPlan plan;
  private final Configuration hadoop;
  private final TrainingProgress progress;
  private final TrainingLimits limits;
  private final StopRequest stop;
  private final Seq2SeqGraph model;
  private final OuterOptimizer outer;

  private Optional<Checkpoints> checkpoints = Optional.empty();
  private TrainingPosition position = TrainingPosition.START;
  private boolean outOfTime;

  /**
   * @param context the cluster
   * @param plan what to train and how
   * @param hadoop how shards are reached
   * @param progress hears of rounds and epochs
   * @param limits when to end early
   * @param stop by which somebody else ends it
   */
  public Trainer(
      JavaSparkContext context,
      TrainingPlan plan,
      Configuration hadoop,
      TrainingProgress progress,
      TrainingLimits limits,
      StopRequest stop) {
    this(Optional.of(context), 1, plan, hadoop, progress, limits, stop);
  }

  private Trainer(
      Optional<JavaSparkContext> context,
      int threads,
      TrainingPlan plan,
      Configuration hadoop,
      TrainingProgress progress,
      TrainingLimits limits,
      StopRequest stop) {
    this.context = context;
    this.plan = plan;
    this.hadoop = hadoop;
    this.progress = progress;
    this.limits = limits;
    this.stop = stop;
    NativeThreads.set(threads);
    this.model = Seq2SeqGraph.create(plan.model(), plan.optimisation());
    this.outer = new OuterOptimizer(model.graph(), plan.outer(), plan.workers());
  }

  /** Trains all epochs; nobody can stop it. */
  public Trainer(
      JavaSparkContext context,
      TrainingPlan plan,
      Configuration hadoop,
      TrainingProgress progress) {
    this(context, plan, hadoop, progress, TrainingLimits.NONE, new StopRequest());
  }

  /**
   * Trains the plan's one worker inside the task of Spark that calls this. The weights have the
   * bits that they have where the same plan is trained across executors.
   *
   * @param threads to compute with
   */
  public static Trainer inTask(
      int threads,
      TrainingPlan plan,
      Configuration hadoop,
      TrainingProgress progress,
      TrainingLimits limits) {
    if (plan.workers() != 1) {
      throw new IllegalArgumentException("a task trains one worker, not " + plan.workers());
    }
    return new Trainer(
        Optional.empty(), threads, plan, hadoop, progress, limits, new StopRequest());
  }

  /** From now on saves the training; without it, nothing is saved. */
  public Trainer saveTo(Checkpoints checkpoints) {
    this.checkpoints = Optional.of(checkpoints);
    return this;
  }

  /** Resumes where a checkpoint of the same plan stood, instead of at the start. */
  public Trainer startFrom(Checkpoint checkpoint) {
    checkpoint.restore(model, outer);
    position = checkpoint.position();
    return this;
  }

  /**
   * Starts from the weights of a model of the same shapes, instead of from random ones. If this
   * one's vocabulary is the larger, the rows of the ids that the model lacks keep their random
   * weights.
   */
  public Trainer startWith(Weights weights) {
    model
        .weights()
        .forEach((name, tensor) -> corner(tensor, weights.get(name)).assign(weights.get(name)));
    return this;
  }

  /** The part of a tensor with the first indices of each dimension, as many as another has. */
  private static INDArray corner(INDArray tensor, INDArray other) {
    return tensor.get(
        Arrays.stream(other.shape())
            .mapToObj(size -> NDArrayIndex.interval(0, size))
            .toArray(INDArrayIndex[]::new));
  }

  /**
   * The graph that is trained; its weights are the mean of the workers' between rounds, and what
   * training ends in after it.
   */
  public Seq2SeqGraph model() {
    return model;
  }

  /**
   * Trains epoch by epoch. At the end the graph holds the weights of the best epoch if trainings
   * are saved, else those of the last; where an average of the weights is taken, it is scored and
   * kept in the place of the last ones.
   *
   * @param trainShards folder of the training split's shards, one for each worker
   * @param validShards folder of the validation split's shards
   * @throws storyloom.model.UserException if a shard is missing or damaged, or a checkpoint cannot
   *     be written; those before it stay
   * @throws DivergedException if the loss, or a weight, is not finite any more
   */
  public TrainingResult train(Path trainShards, Path validShards) {
    try (DistributionStrategy strategy = averaging(trainShards);
        ModelScore score = score(validShards)) {
      save();
      while (ending().isEmpty()) {
        while (position.round() < strategy.roundsPerEpoch() && !outOfTime) {
          roundDone(strategy.train(position));
        }
        epochDone(position.report(valid(score)));
      }
      return new TrainingResult(position.epochs(), keepBest(), ending().orElseThrow());
    } catch (StopRequest.Stopped stopped) {
      save();
      return new TrainingResult(position.epochs(), null, Ending.STOPPED);
    } catch (DivergedException diverged) {
      throw diverged.after(checkpoints.flatMap(Checkpoints::newest));
    }
  }

  /** Scores the weights that training would end in now. */
  private LossTally valid(ModelScore score) {
    outer.average().ifPresent(WeightAverage::exchange);
    try {
      return score.of(model);
    } finally {
      outer.average().ifPresent(WeightAverage::exchange);
    }
  }

  private void roundDone(RoundReport report) {
    position = position.after(report, model.graph().getConfiguration().getIterationCount());
    progress.roundDone(report); // first: the log must have each round that a checkpoint is behind
    checkpoints.ifPresent(folder -> folder.roundDone(model, outer, position));
    outOfTime = limits.outOfTime(position, report) || limits.outOfRounds(report);
  }

  private void epochDone(EpochReport report) {
    progress.epochDone(report);
    position = position.after(report);
    if (!outOfTime) { // an epoch cut short cannot be resumed
      save();
    }
  }

  private Optional<Ending> ending() {
    if (outOfTime) {
      return Optional.of(Ending.TIME);
    }
    if (position.epoch() >= plan.epochs()) {
      return Optional.of(Ending.EPOCHS);
    }
    return limits.outOfPatience(position) ? Optional.of(Ending.PATIENCE) : Optional.empty();
  }

  private DistributionStrategy averaging(Path shards) {
    return context
        .<DistributionStrategy>map(
            cluster ->
                new AveragingMaster(
                    cluster, plan, model.graph(), outer, paths(cluster, shards), hadoop, stop))
        .orElseGet(() -> new TaskTraining(plan, model, outer.average(), shards, hadoop));
  }

  private ModelScore score(Path shards) {
    return context
        .<ModelScore>map(
            cluster ->
                new ClusterScore(
                    cluster,
                    plan,
                    paths(cluster, shards),
                    new SerializableConfiguration(hadoop),
                    stop))
        .orElseGet(() -> TaskTraining.score(plan, shards, hadoop));
  }

  private void save() {
    checkpoints.ifPresent(folder -> folder.save(model, outer, position));
  }

  private EpochReport keepBest() {
    List<EpochReport> epochs = position.epochs();
    EpochReport last = epochs.get(epochs.size() - 1);
    EpochReport best = position.best().orElseThrow();
    if (checkpoints.isEmpty() || best.equals(last)) {
      outer.average().ifPresent(WeightAverage::exchange);
      return last;
    }
    try (Checkpoint end = checkpoints.get().readEnd(best)) {
      end.restoreScoredWeights(model);
    }
    return best;
  }

  private JavaRDD<String> paths(JavaSparkContext cluster, Path shards) {
    List<String> paths = PairShards.paths(shards, hadoop).stream().map(Path::toString).toList();
    return cluster.parallelize(paths, paths.size());
  }

  /** Frees the graph, and those that tasks in this JVM have used. */
  @Override
  public void close() {
    outer.close();
    model.close();
    ExecutorGraph.freeIdle();
  }
}
