package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A graph's state on its way out to the workers, a broadcast a slice, and where training stands;
 * closing destroys them.
 *
 * <p>Spark keeps a broadcast as blocks, for executors to pass on, and as a value beside them, for
 * tasks to come. No task reads a slice twice, so values are left out, which halves what a round
 * takes of the heaps.
 */
public final class StateBroadcast implements AutoCloseable, Serializable {

  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

  private final ArrayList<Broadcast<byte[]>> slices;
  private final TrainingStep step;

  private StateBroadcast(ArrayList<Broadcast<byte[]>> slices, TrainingStep step) {
    this.slices = slices;
    this.step = step;
  }

  /** Parameters and updater state: what training goes on from. */
  static StateBroadcast ofAll(JavaSparkContext context, StateSlices state, TrainingStep step) {
    return of(context, state, state.count(), step);
  }

  /** Parameters alone: enough for scoring. */
  public static StateBroadcast ofParameters(JavaSparkContext context, StateSlices state) {
    return of(context, state, state.parameters(), TrainingStep.FIRST);
  }

  private static StateBroadcast of(
      JavaSparkContext context, StateSlices state, int count, TrainingStep step) {
    ArrayList<Broadcast<byte[]>> slices = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      slices.add(context.sc().broadcastInternal(state.read(i), true, BYTES));
    }
    return new StateBroadcast(slices, step);
  }

  /** On a worker: makes a graph's state this one. */
  public void loadInto(ExecutorGraph slot) {
    List<Broadcast<byte[]>> parts = slices;
    for (int i = 0; i < parts.size(); i++) {
      slot.state().write(i, parts.get(i).value());
    }
    slot.setStep(step);
  }

  @Override
  public void close() {
    slices.forEach(Broadcast::destroy);
  }
}
