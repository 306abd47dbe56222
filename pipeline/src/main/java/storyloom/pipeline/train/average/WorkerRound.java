package storyloom.pipeline.train.average;

import java.util.Collections;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * out its state slice by slice. A pure function of what it is given, so a retried task gives the
 * same bytes.
 */
final class WorkerRound
    implements Function2<Integer, Iterator<PairShard>, Iterator<Tuple2<SliceKey, WorkerSlice>>> {

  private final TrainingPlan plan;
  private final StateBroadcast state;
  private final int epoch;
  private final int round;

  /**
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   */
  WorkerRound(TrainingPlan plan, StateBroadcast state, int epoch, int round) {
    this.plan = plan;
    this.state = state;
    this.epoch = epoch;
    this.round = round;
  }

  @Override
  public Iterator<Tuple2<SliceKey, WorkerSlice>> call(Integer worker, Iterator<PairShard> shards) {
    PairShard shard = shards.next();
    int first = round * plan.frequency();
    EpochPlan minibatches =
        EpochPlan.of(shard, plan.batch(), plan.optimisation().seed(), epoch, worker);
    int end = Math.min(first + plan.frequency(), minibatches.size());
    if (first >= end) {
      return Collections.emptyIterator();
    }
    ExecutorGraph slot = ExecutorGraph.take(plan);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> slot.close());
    long started = System.nanoTime();
    state.loadInto(slot);
    slot.model().setStream(worker);
    long loaded = System.nanoTime();
    LossTally tally = LossTally.NONE;
    for (int number = first; number < end; number++) {
      TaskContext.get()
          .killTaskIfInterrupted(); // a task that Spark gives up would go on to its end
      tally = tally.plus(slot.model().fit(minibatches.minibatch(number)));
    }
    WorkerReport report =
        new WorkerReport(
            worker,
            tally,
            end - first,
            loaded - started,
            System.nanoTime() - loaded,
            slot.model().gradientNorm());
    return shares(worker, slot, report);
  }

  /** Lazily, so that one slice at a time is on the heap. */
  private static Iterator<Tuple2<SliceKey, WorkerSlice>> shares(
      int worker, ExecutorGraph slot, WorkerReport report) {
    long tokens = report.tally().tokens();
    StateSlices state = slot.state();
    Stream<Tuple2<SliceKey, WorkerSlice>> slices =
        IntStream.range(0, state.count())
            .mapToObj(
                i -> new Tuple2<>(new SliceKey(i, worker), new WorkerSlice(tokens, state.read(i))));
    Stream<Tuple2<SliceKey, WorkerSlice>> last =
        Stream.of(
            new Tuple2<>(
                new SliceKey(state.count(), worker), new WorkerSlice(tokens, report.toBytes())));
    return Stream.concat(slices, last).iterator();
  }
}
