package storyloom.pipeline.train;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.average.MinibatchRange;
import storyloom.pipeline.train.average.WeightAverage;
import storyloom.pipeline.train.plan.DistributionStrategy;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * A training of one worker inside the task that runs it, on the trainer's own graph. One worker's
 * mean is what the worker has learned, so there is nothing to send, and the weights have the bits
 * that they have where a cluster trains the one worker.
 */
final class TaskTraining implements DistributionStrategy {

  private static final int WORKER = 0;
  private static final double NANOS = 1e9;

  private final TrainingPlan plan;
  private final Seq2SeqGraph model;
  private final Optional<WeightAverage> average;
  private final PairShard shard;

  /**
   * @param plan of one worker
   * @param model that is trained
   * @param average of the model's weights, if one is taken
   * @param shards folder of the training split's only shard
   * @throws storyloom.model.UserException of data if it is damaged
   */
  TaskTraining(
      TrainingPlan plan,
      Seq2SeqGraph model,
      Optional<WeightAverage> average,
      Path shards,
      Configuration hadoop) {
    this.plan = plan;
    this.model = model;
    this.average = average;
    this.shard = shard(shards, hadoop);
  }

  private static PairShard shard(Path folder, Configuration hadoop) {
    List<Path> paths = PairShards.paths(folder, hadoop);
    if (paths.size() != 1) {
      throw new IllegalArgumentException(
          "a task trains one worker, %s has shards for %d".formatted(folder, paths.size()));
    }
    return PairShards.read(paths.get(0), hadoop);
  }

  /** Scores in the task, too. */
  static ModelScore score(TrainingPlan plan, Path shards, Configuration hadoop) {
    EpochPlan minibatches = EpochPlan.inOrderOfLength(shard(shards, hadoop), plan.batch());
    return new ModelScore() {
      @Override
      public LossTally of(Seq2SeqGraph model) {
        return MinibatchRange.score(model, minibatches);
      }

      @Override
      public void close() {
        // nothing is kept outside the heap
      }
    };
  }

  @Override
  public int roundsPerEpoch() {
    return (plan.batch().minibatches(shard) + plan.frequency() - 1) / plan.frequency();
  }

  @Override
  public RoundReport train(TrainingPosition position) {
    long started = System.nanoTime();
    int halvings = position.halvings(plan.optimisation().learningRate());
    model.graph().getConfiguration().setIterationCount(position.iteration());
    model.setHalvings(halvings);
    model.setStream(WORKER);
    EpochPlan minibatches =
        EpochPlan.of(shard, plan.batch(), plan.optimisation().seed(), position.epoch(), WORKER);
    int first = position.round() * plan.frequency();
    int end = Math.min(first + plan.frequency(), minibatches.size());
    LossTally tally = MinibatchRange.fit(model, minibatches, first, end);
    int iteration = model.graph().getConfiguration().getIterationCount();
    average.ifPresent(
        taken -> taken.follow(position.iteration(), iteration - position.iteration()));
    if (!Double.isFinite(tally.nll()) || !Double.isFinite(model.gradientNorm())) {
      throw new DivergedException(position.epoch(), position.round(), List.of(WORKER));
    }
    double seconds = (System.nanoTime() - started) / NANOS;
    return new RoundReport(
        position.epoch(),
        position.round(),
        roundsPerEpoch(),
        tally,
        new RoundReport.Times(0, seconds, 0, 0),
        plan.optimisation().learningRate().at(iteration, halvings),
        model.gradientNorm());
  }

  @Override
  public void close() {
    // the graph is the trainer's
  }
}
