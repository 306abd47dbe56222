package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * One round of averaging: the state goes out ({@link StateBroadcast}); a first job has each worker
 * train on its next minibatches and leave its state where it is, joined with its neighbours'
 * ({@link WorkerRound}); a second one makes one mean of these ({@link SliceReduction}), whose
 * slices go into the driver's graph as they arrive: the driver never holds more than the one state.
 *
 * <p>The workers that an executor trained train again if it is lost with what they learned, and
 * only they: the jobs need no slots at the same time, no barrier, and no task waits for another.
 */
final class AveragingRound {

  private static final double NANOS = 1e9;

  /** Spark's own default for stages whose results are lost. */
  private static final int TRIES = 4;

  private final TrainingPlan plan;
  private final OuterOptimizer outer;
  private final StopRequest stop;
  private final TrainingPosition position;
  private final int rounds;
  private final int halvings;

  private final long started = System.nanoTime();
  private final AtomicBoolean finite = new AtomicBoolean(true);
  private StateBroadcast broadcast;
  private WorkerRound.Result[] results;
  private long sent;
  private long summed;
  private boolean underWay;
  private boolean dropped;

  /**
   * @param outer of the driver's graph
   * @param position where training stands at its start
   * @param rounds in each epoch
   */
  AveragingRound(
      TrainingPlan plan,
      OuterOptimizer outer,
      StopRequest stop,
      TrainingPosition position,
      int rounds) {
    this.plan = plan;
    this.outer = outer;
    this.stop = stop;
    this.position = position;
    this.rounds = rounds;
    this.halvings = position.halvings(plan.optimisation().learningRate());
  }

  /**
   * Runs the round.
   *
   * @param shards a partition for each worker
   * @param placement of the workers on the executors
   * @throws StopRequest.Stopped if it was given up; the graph is as it was
   * @throws DivergedException if the state, a loss or a gradient is not finite any more
   */
  RoundReport run(JavaSparkContext context, JavaRDD<PairShard> shards, Placement placement) {
    String description =
        "train: epoch %d, round %d of %d"
            .formatted(position.epoch() + 1, position.round() + 1, rounds);
    return stop.run(
        context,
        description,
        () -> {
          average(context, shards, placement);
          return report();
        });
  }

  private void average(JavaSparkContext context, JavaRDD<PairShard> shards, Placement placement) {
    StateSlices state = outer.state();
    WorkerRanges ranges = new WorkerRanges(placement.workers(), placement.tasks());
    results = new WorkerRound.Result[ranges.tasks()];
    broadcast = StateBroadcast.of(context, state, position.iteration(), halvings);
    try (StateBroadcast sentOut = broadcast;
        SliceReduction reduction =
            new SliceReduction(sentOut.blocks(), state.count(), this::receive)) {
      sent = System.nanoTime();
      JavaRDD<WorkerRound.Result> training =
          ranges
              .of(shards)
              .mapPartitionsWithIndex(
                  new WorkerRound(
                      plan,
                      sentOut,
                      ranges,
                      placement.threads(),
                      position.epoch(),
                      position.round()),
                  true);
      int tries = context.getConf().getInt("spark.stage.maxConsecutiveAttempts", TRIES);
      for (int number = 0; !reduction.isDone(); number++) {
        if (number == tries) {
          throw new IllegalStateException(
              "executors were lost with what they had learned %d times in one round; see why in Spark's log"
                  .formatted(tries));
        }
        train(training);
        forget(reduction.run(context, nodes(), placement.slots()));
      }
      summed = reduction.summed();
    }
    if (dropped) {
      throw new StopRequest.Stopped(null);
    }
  }

  /** Runs the tasks that have no result. */
  private void train(JavaRDD<WorkerRound.Result> training) {
    int[] missing =
        IntStream.range(0, results.length).filter(task -> results[task] == null).toArray();
    List<WorkerRound.Result>[] trained = training.collectPartitions(missing);
    for (int i = 0; i < missing.length; i++) {
      results[missing[i]] = trained[i].get(0);
    }
  }

  private List<RangeMeans.Node> nodes() {
    return Arrays.stream(results).flatMap(result -> result.nodes().stream()).toList();
  }

  /** What lies on a lost executor must be trained again. */
  private void forget(Set<BlockManagerId> lost) {
    for (int task = 0; task < results.length; task++) {
      if (results[task].nodes().stream().anyMatch(node -> lost.contains(node.place()))) {
        results[task] = null;
      }
    }
  }

  private void receive(int slice, ByteBuffer mean) {
    if (!isUnderWay()) {
      return;
    }
    if (!outer.apply((long) position.epoch() * rounds + position.round(), slice, mean)) {
      finite.set(false);
    }
    outer
        .average()
        .ifPresent(
            average ->
                average.follow(slice, position.iteration(), iteration() - position.iteration()));
  }

  private synchronized boolean isUnderWay() {
    if (!underWay) {
      underWay = true;
      dropped = !stop.commit();
    }
    return !dropped;
  }

  private RoundReport report() {
    List<Integer> diverged =
        reports().filter(each -> !each.isFinite()).map(WorkerRound.Report::worker).toList();
    if (!finite.get() || !diverged.isEmpty()) {
      throw new DivergedException(position.epoch(), position.round(), diverged);
    }
    LossTally tally =
        reports().map(WorkerRound.Report::tally).reduce(LossTally.NONE, LossTally::plus);
    return new RoundReport(
        position.epoch(),
        position.round(),
        rounds,
        tally,
        times(System.nanoTime()),
        plan.optimisation().learningRate().at(iteration(), halvings),
        most(WorkerRound.Report::gradientNorm));
  }

  private RoundReport.Times times(long ended) {
    double load = busiest(WorkerRound.Report::loadNanos);
    double compute = busiest(WorkerRound.Report::computeNanos);
    double updating = ended - summed;
    double waiting = summed - sent - load - compute;
    return new RoundReport.Times(
        (sent - started + load) / NANOS,
        compute / NANOS,
        Math.max(0, waiting) / NANOS,
        updating / NANOS);
  }

  /** Updates that the worker that made the most of them has made by now. */
  int iteration() {
    return position.iteration() + (int) most(WorkerRound.Report::updates);
  }

  private Stream<WorkerRound.Report> reports() {
    return Arrays.stream(results).flatMap(result -> result.reports().stream());
  }

  private double most(ToDoubleFunction<WorkerRound.Report> figure) {
    return reports().mapToDouble(figure).max().orElseThrow();
  }

  /** A time of the task whose workers took most of it together. */
  private double busiest(ToLongFunction<WorkerRound.Report> time) {
    return Arrays.stream(results).mapToLong(result -> result.sum(time)).max().orElseThrow();
  }
}
