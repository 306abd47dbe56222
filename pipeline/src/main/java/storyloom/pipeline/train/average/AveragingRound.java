package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.RoundReport;
import storyloom.pipeline.train.plan.RoundTimes;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * One round of averaging: the state goes out by broadcast; each worker trains on its next
 * minibatches; each slice of the state comes back as the mean over workers, weighted by tokens,
 * summed in worker order, and goes into the driver's graph as it arrives: the driver never holds
 * more than the one state.
 */
final class AveragingRound {

  private static final double NANOS = 1e9;

  private final TrainingPlan plan;
  private final OuterOptimizer update;
  private final StopRequest stop;
  private final TrainingStep step;
  private final int epoch;
  private final int round;
  private final int rounds;

  private final List<WorkerReport> reports = new ArrayList<>();
  private final long started = System.nanoTime();
  private long sent;
  private long updating;
  private boolean underWay;
  private boolean dropped;
  private boolean finite = true;

  /**
   * @param step where training stands at its start
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   * @param rounds in each epoch
   */
  AveragingRound(
      TrainingPlan plan,
      OuterOptimizer update,
      StopRequest stop,
      TrainingStep step,
      int epoch,
      int round,
      int rounds) {
    this.plan = plan;
    this.update = update;
    this.stop = stop;
    this.step = step;
    this.epoch = epoch;
    this.round = round;
    this.rounds = rounds;
  }

  /**
   * Runs the round.
   *
   * @param shards a partition for each worker
   * @throws StopRequest.Stopped if it was given up; the graph is as it was
   * @throws DivergedException if the state, a loss or a gradient is not finite any more
   */
  RoundReport run(JavaSparkContext context, JavaRDD<PairShard> shards) {
    String description = "train: epoch %d, round %d of %d".formatted(epoch + 1, round + 1, rounds);
    return stop.run(
        context,
        description,
        () -> {
          average(context, shards);
          return report();
        });
  }

  private void average(JavaSparkContext context, JavaRDD<PairShard> shards) {
    StateSlices state = update.state();
    try (StateBroadcast broadcast = StateBroadcast.ofAll(context, state, step)) {
      sent = System.nanoTime();
      JavaPairRDD<SliceKey, WorkerSlice> shares =
          JavaPairRDD.fromJavaRDD(
                  shards.mapPartitionsWithIndex(
                      new WorkerRound(plan, broadcast, epoch, round), true))
              .repartitionAndSortWithinPartitions(new SliceKey.BySlice(state.count() + 1));
      shuffle(shares).setSerializer(new SliceSerializer());
      JavaRDD<byte[]> means =
          shares.mapPartitionsWithIndex(new SliceReduction(state.count()), true);
      ArrivingSlices.collect(context.sc(), means.rdd(), this::arrive);
      forget(context, shares);
    }
    if (dropped) {
      throw new StopRequest.Stopped(null);
    }
  }

  private void arrive(int slice, byte[] bytes) {
    if (!underWay) {
      underWay = true;
      dropped = !stop.commit();
    }
    if (dropped) {
      return;
    }
    if (slice < update.state().count()) {
      long start = System.nanoTime();
      finite &= update.apply((long) epoch * rounds + round, slice, bytes);
      updating += System.nanoTime() - start;
    } else {
      ByteBuffer joined = ByteBuffer.wrap(bytes);
      while (joined.hasRemaining()) {
        reports.add(WorkerReport.read(joined));
      }
    }
  }

  @SuppressWarnings("unchecked") // what repartitionAndSortWithinPartitions makes
  private static ShuffledRDD<SliceKey, WorkerSlice, WorkerSlice> shuffle(
      JavaPairRDD<SliceKey, WorkerSlice> shares) {
    return (ShuffledRDD<SliceKey, WorkerSlice, WorkerSlice>) (RDD<?>) shares.rdd();
  }

  /** Deletes a round's shuffle files now rather than when the driver's garbage is collected. */
  private static void forget(JavaSparkContext context, JavaPairRDD<SliceKey, WorkerSlice> shares) {
    int shuffle = ((ShuffleDependency<?, ?, ?>) shares.rdd().dependencies().head()).shuffleId();
    context.sc().cleaner().get().doCleanupShuffle(shuffle, false);
  }

  private RoundReport report() {
    List<Integer> diverged =
        reports.stream().filter(each -> !each.isFinite()).map(WorkerReport::worker).toList();
    if (!finite || !diverged.isEmpty()) {
      throw new DivergedException(epoch, round, diverged);
    }
    LossTally tally =
        reports.stream().map(WorkerReport::tally).reduce(LossTally.NONE, LossTally::plus);
    return new RoundReport(
        epoch,
        round,
        rounds,
        tally,
        times(System.nanoTime()),
        plan.optimisation().learningRate().at(step.iteration() + updates(), step.halvings()),
        most(WorkerReport::gradientNorm));
  }

  private RoundTimes times(long ended) {
    double load = most(WorkerReport::loadNanos);
    double compute = most(WorkerReport::computeNanos);
    double waiting = ended - sent - load - compute - updating;
    return new RoundTimes(
        (sent - started + load) / NANOS,
        compute / NANOS,
        Math.max(0, waiting) / NANOS,
        updating / NANOS);
  }

  /** Updates that the worker with the most minibatches made. */
  int updates() {
    return (int) most(WorkerReport::minibatches);
  }

  private double most(ToDoubleFunction<WorkerReport> figure) {
    return reports.stream().mapToDouble(figure).max().orElseThrow();
  }
}
