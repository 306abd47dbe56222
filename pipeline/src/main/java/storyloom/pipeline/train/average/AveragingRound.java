package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * One round of averaging: the state goes out by broadcast; each worker trains on its next
 * minibatches; each slice of the state comes back as the mean over workers, weighted by tokens,
 * summed in worker order, and goes into the driver's graph as it arrives: the driver never holds
 * more than the one state.
 */
final class AveragingRound {

  private static final double NANOS = 1e9;

  private final TrainingPlan plan;
  private final OuterOptimizer outer;
  private final StopRequest stop;
  private final TrainingPosition position;
  private final int rounds;
  private final int halvings;

  private final List<WorkerRound.Report> reports = new ArrayList<>();
  private final long started = System.nanoTime();
  private long sent;
  private long updating;
  private boolean underWay;
  private boolean dropped;
  private boolean finite = true;

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
   * @throws StopRequest.Stopped if it was given up; the graph is as it was
   * @throws DivergedException if the state, a loss or a gradient is not finite any more
   */
  RoundReport run(JavaSparkContext context, JavaRDD<PairShard> shards) {
    String description =
        "train: epoch %d, round %d of %d"
            .formatted(position.epoch() + 1, position.round() + 1, rounds);
    return stop.run(
        context,
        description,
        () -> {
          average(context, shards);
          return report();
        });
  }

  private void average(JavaSparkContext context, JavaRDD<PairShard> shards) {
    StateSlices state = outer.state();
    try (StateSlices.Broadcasts broadcast =
        state.broadcast(context, position.iteration(), halvings)) {
      sent = System.nanoTime();
      WorkerRound worker = new WorkerRound(plan, broadcast, position.epoch(), position.round());
      SliceReduction.run(shards.mapPartitionsWithIndex(worker, true), state.count(), this::receive);
    }
    if (dropped) {
      throw new StopRequest.Stopped(null);
    }
  }

  private void receive(int slice, byte[] bytes) {
    if (!underWay) {
      underWay = true;
      dropped = !stop.commit();
    }
    if (dropped) {
      return;
    }
    if (slice < outer.state().count()) {
      long start = System.nanoTime();
      finite &= outer.apply((long) position.epoch() * rounds + position.round(), slice, bytes);
      updating += System.nanoTime() - start;
    } else {
      ByteBuffer joined = ByteBuffer.wrap(bytes);
      while (joined.hasRemaining()) {
        reports.add(WorkerRound.Report.read(joined));
      }
    }
  }

  private RoundReport report() {
    List<Integer> diverged =
        reports.stream().filter(each -> !each.isFinite()).map(WorkerRound.Report::worker).toList();
    if (!finite || !diverged.isEmpty()) {
      throw new DivergedException(position.epoch(), position.round(), diverged);
    }
    LossTally tally =
        reports.stream().map(WorkerRound.Report::tally).reduce(LossTally.NONE, LossTally::plus);
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
    double load = most(WorkerRound.Report::loadNanos);
    double compute = most(WorkerRound.Report::computeNanos);
    double waiting = ended - sent - load - compute - updating;
    return new RoundReport.Times(
        (sent - started + load) / NANOS,
        compute / NANOS,
        Math.max(0, waiting) / NANOS,
        updating / NANOS);
  }

  /** Updates that the worker with the most minibatches has made by now. */
  int iteration() {
    return position.iteration() + (int) most(WorkerRound.Report::minibatches);
  }

  private double most(ToDoubleFunction<WorkerRound.Report> figure) {
    return reports.stream().mapToDouble(figure).max().orElseThrow();
  }
}
