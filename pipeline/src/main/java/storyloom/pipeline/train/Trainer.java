package storyloom.pipeline.train;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.average.AveragingMaster;
import storyloom.pipeline.train.average.ExecutorGraph;
import storyloom.pipeline.train.average.OuterOptimizer;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.EpochReport;
import storyloom.pipeline.train.plan.RoundReport;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingResult;
import storyloom.pipeline.train.plan.TrainingResult.Ending;

/**
 * Trains an attention seq2seq across the executors by parameter averaging: the whole loop, epoch by
 * epoch, is {@link #train}.
 */
public final class Trainer implements AutoCloseable {

  private final JavaSparkContext context;
  private final TrainingPlan plan;
  private final Configuration hadoop;
  private final TrainingProgress progress;
  private final TrainingLimits limits;
  private final StopRequest stop;
  private final Seq2SeqGraph model;
  private final OuterOptimizer update;

  private Optional<Checkpoints> checkpoints = Optional.empty();
  private TrainingPosition position = TrainingPosition.START;
  private boolean outOfTime;

  /**
   * @param context the cluster
   * @param plan what to train and how
   * @param hadoop how shards are reached
   * @param progress told of rounds and epochs
   * @param limits when to end early
   * @param stop how somebody else ends it
   */
  public Trainer(
      JavaSparkContext context,
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
    NativeThreads.set(1);
    this.model = Seq2SeqGraph.create(plan.model(), plan.optimisation());
    this.update = new OuterOptimizer(model.graph(), plan.outer(), plan.workers());
  }

  /** Trains all epochs, whoever asks to stop. */
  public Trainer(
      JavaSparkContext context,
      TrainingPlan plan,
      Configuration hadoop,
      TrainingProgress progress) {
    this(context, plan, hadoop, progress, TrainingLimits.NONE, new StopRequest());
  }

  /** From now on saves the training; without it, nothing is saved. */
  public Trainer saveTo(Checkpoints checkpoints) {
    this.checkpoints = Optional.of(checkpoints);
    return this;
  }

  /** Goes on where a checkpoint of the same plan stood, instead of at the start. */
  public Trainer startFrom(Checkpoint checkpoint) {
    checkpoint.restore(model, update);
    position = checkpoint.position();
    return this;
  }

  /**
   * Starts from the weights of a model of the same shapes, instead of from random ones. Where this
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

  /** The graph that is trained; its weights are the averaged ones between rounds. */
  public Seq2SeqGraph model() {
    return model;
  }

  /**
   * Trains epoch by epoch. At the end the graph holds the weights of the best epoch where trainings
   * are saved, else those of the last.
   *
   * @param trainShards folder of the training split's shards, one for each worker
   * @param validShards folder of the validation split's shards
   * @throws storyloom.model.UserException if a shard is missing or damaged, or a checkpoint cannot
   *     be written; those before it stay
   * @throws DivergedException if the loss, or a weight, is not finite any more
   */
  public TrainingResult train(Path trainShards, Path validShards) {
    try (AveragingMaster master = new AveragingMaster(plan, hadoop, update, stop, this::roundDone);
        ClusterScore score =
            new ClusterScore(
                context, plan, paths(validShards), new SerializableConfiguration(hadoop), stop)) {
      SparkComputationGraph spark = new SparkComputationGraph(context, model.graph(), master);
      JavaRDD<String> paths = paths(trainShards);
      save();
      while (ending().isEmpty()) {
        model.graph().getConfiguration().setEpochCount(position.epoch());
        model.graph().getConfiguration().setIterationCount(position.iteration());
        master.startAt(position.round(), halvings());
        spark.fitPaths(paths);
        epochDone(position.report(score.of(model)));
      }
      return new TrainingResult(position.epochs(), keepBest(), ending().orElseThrow());
    } catch (StopRequest.Stopped stopped) {
      save();
      return new TrainingResult(position.epochs(), null, Ending.STOPPED);
    } catch (DivergedException diverged) {
      throw diverged.after(checkpoints.flatMap(Checkpoints::newest));
    }
  }

  private boolean roundDone(RoundReport report) {
    position = position.after(report, model.graph().getConfiguration().getIterationCount());
    progress.roundDone(report); // first, so that what goes on from the checkpoint finds it told
    checkpoints.ifPresent(folder -> folder.roundDone(model, update, position));
    outOfTime = limits.outOfTime(position, report) || limits.outOfRounds(report);
    return !outOfTime;
  }

  private void epochDone(EpochReport report) {
    progress.epochDone(report);
    position = position.after(report);
    if (!outOfTime) { // an epoch cut short is nothing to go on from
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

  private void save() {
    checkpoints.ifPresent(folder -> folder.save(model, update, position));
  }

  private EpochReport keepBest() {
    List<EpochReport> epochs = position.epochs();
    EpochReport last = epochs.get(epochs.size() - 1);
    EpochReport best = position.best().orElseThrow();
    if (checkpoints.isEmpty() || best.equals(last)) {
      return last;
    }
    try (Checkpoint end = checkpoints.get().readEnd(best)) {
      end.restoreWeights(model);
    }
    return best;
  }

  private int halvings() {
    return plan.optimisation()
        .learningRate()
        .halvings(position.epochs().stream().map(epoch -> epoch.valid().perplexity()).toList());
  }

  private JavaRDD<String> paths(Path shards) {
    List<String> paths = PairShards.paths(shards, hadoop).stream().map(Path::toString).toList();
    return context.parallelize(paths, paths.size());
  }

  /** Frees the graph, and those that tasks in this JVM have used. */
  @Override
  public void close() {
    update.close();
    model.close();
    ExecutorGraph.freeIdle();
  }
}
