package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * One worker's part of a round: takes the averaged state, trains on its next minibatches, and hands
 * out its state slice by slice, then its report. A pure function of what it is given, so a retried
 * task gives the same bytes.
 */
final class WorkerRound
    implements Function2<
        Integer, Iterator<PairShard>, Iterator<Tuple2<WorkerSlice.Key, WorkerSlice>>> {

  /**
   * What a worker says of a round.
   *
   * @param worker counted from 0
   * @param tally loss and accuracy of its minibatches, each before its update
   * @param minibatches how many it trained on
   * @param loadNanos time to take the round's state
   * @param computeNanos time in training alone
   * @param gradientNorm norm of its last gradient, before clipping
   */
  record Report(
      int worker,
      LossTally tally,
      int minibatches,
      long loadNanos,
      long computeNanos,
      double gradientNorm) {

    private static final int BYTES = 2 * Double.BYTES + 4 * Long.BYTES + 2 * Integer.BYTES;

    /** Whether loss and gradient are numbers: if they are not, the training has diverged. */
    boolean isFinite() {
      return Double.isFinite(tally.nll()) && Double.isFinite(gradientNorm);
    }

    byte[] toBytes() {
      return ByteBuffer.allocate(BYTES)
          .putInt(worker)
          .putDouble(tally.nll())
          .putLong(tally.tokens())
          .putLong(tally.correct())
          .putInt(minibatches)
          .putLong(loadNanos)
          .putLong(computeNanos)
          .putDouble(gradientNorm)
          .array();
    }

    static Report read(ByteBuffer bytes) {
      return new Report(
          bytes.getInt(),
          new LossTally(bytes.getDouble(), bytes.getLong(), bytes.getLong()),
          bytes.getInt(),
          bytes.getLong(),
          bytes.getLong(),
          bytes.getDouble());
    }
  }

  private final TrainingPlan plan;
  private final StateSlices.Broadcasts state;
  private final int epoch;
  private final int round;

  /**
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   */
  WorkerRound(TrainingPlan plan, StateSlices.Broadcasts state, int epoch, int round) {
    this.plan = plan;
    this.state = state;
    this.epoch = epoch;
    this.round = round;
  }

  @Override
  public Iterator<Tuple2<WorkerSlice.Key, WorkerSlice>> call(
      Integer worker, Iterator<PairShard> shards) {
    PairShard shard = shards.next();
    int first = round * plan.frequency();
    EpochPlan minibatches =
        EpochPlan.of(shard, plan.batch(), plan.optimisation().seed(), epoch, worker);
    int end = Math.min(first + plan.frequency(), minibatches.size());
    if (first >= end) {
      return Collections.emptyIterator();
    }
    ExecutorGraph graph = ExecutorGraph.take(plan);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> graph.close());
    long started = System.nanoTime();
    state.loadInto(graph);
    graph.model().setStream(worker);
    long loaded = System.nanoTime();
    LossTally tally = LossTally.NONE;
    for (int number = first; number < end; number++) {
      TaskContext.get()
          .killTaskIfInterrupted(); // a task that Spark gives up would go on to its end
      tally = tally.plus(graph.model().fit(minibatches.minibatch(number)));
    }
    Report report =
        new Report(
            worker,
            tally,
            end - first,
            loaded - started,
            System.nanoTime() - loaded,
            graph.model().gradientNorm());
    return slices(worker, graph.state(), report);
  }

  /** Lazily, so that one slice at a time is on the heap. */
  private static Iterator<Tuple2<WorkerSlice.Key, WorkerSlice>> slices(
      int worker, StateSlices state, Report report) {
    int last = state.count();
    return IntStream.rangeClosed(0, last)
        .mapToObj(
            i ->
                new Tuple2<>(
                    new WorkerSlice.Key(i, worker),
                    new WorkerSlice(
                        report.tally().tokens(), i < last ? state.read(i) : report.toBytes())))
        .iterator();
  }
}
