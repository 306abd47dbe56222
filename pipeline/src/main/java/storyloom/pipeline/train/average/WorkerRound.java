package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * The workers of one task in a round, one after another: each takes the averaged state and trains
 * on its next minibatches; then its state joins its neighbours' ({@link RangeMeans}). What a worker
 * learns is a pure function of what it is given, so a task that is retried, or runs twice, gives
 * the same bytes; only those of an attempt whose {@link Result} came to the driver are asked for.
 */
final class WorkerRound
    implements Function2<Integer, Iterator<PairShard>, Iterator<WorkerRound.Result>> {

  /**
   * What a worker says of a round.
   *
   * @param worker counted from 0
   * @param tally loss and accuracy of its minibatches, each before its update
   * @param updates how many it made
   * @param loadNanos time to take the round's state
   * @param computeNanos time in training alone
   * @param gradientNorm norm of its last gradient, before clipping
   */
  record Report(
      int worker,
      LossTally tally,
      int updates,
      long loadNanos,
      long computeNanos,
      double gradientNorm)
      implements Serializable {

    /** Whether loss and gradient are numbers: if they are not, the training has diverged. */
    boolean isFinite() {
      return Double.isFinite(tally.nll()) && Double.isFinite(gradientNorm);
    }
  }

  /**
   * What a task gives back: where its workers' means are, not the means.
   *
   * @param nodes in worker order; none if no worker had a minibatch
   * @param reports of the workers that trained, in their order
   */
  record Result(List<RangeMeans.Node> nodes, List<Report> reports) implements Serializable {

    /** A time of all workers together. */
    long sum(ToLongFunction<Report> time) {
      return reports.stream().mapToLong(time).sum();
    }
  }

  private final TrainingPlan plan;
  private final StateBroadcast state;
  private final WorkerRanges ranges;
  private final int threads;
  private final int epoch;
  private final int round;

  /**
   * @param ranges which workers are a task's
   * @param threads that a worker computes with
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   */
  WorkerRound(
      TrainingPlan plan,
      StateBroadcast state,
      WorkerRanges ranges,
      int threads,
      int epoch,
      int round) {
    this.plan = plan;
    this.state = state;
    this.ranges = ranges;
    this.threads = threads;
    this.epoch = epoch;
    this.round = round;
  }

  @Override
  public Iterator<Result> call(Integer task, Iterator<PairShard> shards) {
    state.blocks().enter();
    try (ExecutorGraph graph = ExecutorGraph.take(plan, threads)) {
      return List.of(train(task, shards, graph)).iterator();
    } finally {
      state.blocks().leave();
    }
  }

  private Result train(int task, Iterator<PairShard> shards, ExecutorGraph graph) {
    RangeMeans means =
        new RangeMeans(
            state.blocks(),
            TaskContext.get().taskAttemptId(),
            graph.state(),
            threads > 1,
            ranges.before(task));
    List<Report> reports = new ArrayList<>();
    int worker = ranges.first(task);
    while (shards.hasNext()) {
      Report report = train(worker, shards.next(), graph);
      int next = shards.hasNext() ? worker + 1 : ranges.behind(task);
      means.add(worker, report.tally().tokens(), next);
      if (report.updates() > 0) {
        reports.add(report);
      }
      worker++;
    }
    return new Result(new ArrayList<>(means.nodes()), reports);
  }

  private Report train(int worker, PairShard shard, ExecutorGraph graph) {
    int first = round * plan.frequency();
    EpochPlan minibatches =
        EpochPlan.of(shard, plan.batch(), plan.optimisation().seed(), epoch, worker);
    int end = Math.min(first + plan.frequency(), minibatches.size());
    if (first >= end) {
      return new Report(worker, LossTally.NONE, 0, 0, 0, 0);
    }
    long started = System.nanoTime();
    state.loadInto(graph);
    graph.model().setStream(worker);
    long loaded = System.nanoTime();
    int before = graph.iteration();
    LossTally tally = MinibatchRange.fit(graph.model(), minibatches, first, end);
    return new Report(
        worker,
        tally,
        graph.iteration() - before,
        loaded - started,
        System.nanoTime() - loaded,
        graph.model().gradientNorm());
  }
}
