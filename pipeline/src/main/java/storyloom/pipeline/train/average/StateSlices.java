package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import storyloom.model.nn.kernel.FlatFloats;

/**
 * What averaging works on, in slices of at most {@value #LARGEST} numbers (8 MB): all parameters,
 * then the updater's state (Adam's first and second moments). Nobody ever holds the whole on the
 * Java heap.
 */
public final class StateSlices {

  /** A byte array of so many, header included, just fits half of a G1 region of 16 MB. */
  private static final int LARGEST = (2 << 20) - 4;

  private record Slice(INDArray array, long start, int length) {}

  private final List<Slice> slices;
  private final int parameterSlices;

  private StateSlices(List<Slice> slices, int parameterSlices) {
    this.slices = slices;
    this.parameterSlices = parameterSlices;
  }

  /** The slices of a graph: reading and writing them reads and writes the graph. */
  public static StateSlices of(ComputationGraph graph) {
    List<Slice> slices = new ArrayList<>();
    cut(graph.params(), slices);
    int parameterSlices = slices.size();
    cut(graph.getUpdater(true).getStateViewArray(), slices);
    return new StateSlices(slices, parameterSlices);
  }

  /** The slices of an array beside the parameters, cut as they are. */
  public static StateSlices of(INDArray array) {
    List<Slice> slices = new ArrayList<>();
    cut(array, slices);
    return new StateSlices(slices, slices.size());
  }

  private static void cut(INDArray array, List<Slice> slices) {
    for (long start = 0; start < array.length(); start += LARGEST) {
      slices.add(new Slice(array, start, (int) Math.min(LARGEST, array.length() - start)));
    }
  }

  /** Number of slices; the first {@link #parameters} are the parameters. */
  int count() {
    return slices.size();
  }

  /** Number of slices that are parameters. */
  int parameters() {
    return parameterSlices;
  }

  byte[] read(int number) {
    Slice slice = slices.get(number);
    return FlatFloats.read(slice.array(), slice.start(), slice.length());
  }

  void write(int number, byte[] bytes) {
    Slice slice = slices.get(number);
    if (bytes.length != slice.length() * Float.BYTES) {
      throw new IllegalArgumentException(
          "slice " + number + " has " + slice.length() + " numbers, not " + bytes.length / 4.0);
    }
    FlatFloats.write(bytes, slice.array(), slice.start());
  }

  /**
   * Sends parameters and updater state to the executors: all that the next round starts from.
   *
   * @param iteration updates made so far, on which Adam's bias correction, the learning rate and
   *     dropout's draws depend
   * @param halvings how often the learning rate has been halved
   */
  Broadcasts broadcast(JavaSparkContext context, int iteration, int halvings) {
    return broadcast(context, count(), iteration, halvings);
  }

  /** Sends the parameters alone to the executors: enough for scoring. */
  public Broadcasts broadcastParameters(JavaSparkContext context) {
    return broadcast(context, parameters(), 0, 0);
  }

  private Broadcasts broadcast(JavaSparkContext context, int count, int iteration, int halvings) {
    ArrayList<Broadcast<byte[]>> broadcasts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      broadcasts.add(context.sc().broadcastInternal(read(i), true, Broadcasts.BYTES));
    }
    return new Broadcasts(broadcasts, iteration, halvings);
  }

  /**
   * A state on its way out to the workers, a broadcast a slice, and where training stands; closing
   * destroys them.
   *
   * <p>Spark keeps a broadcast as blocks, for executors to pass on, and as a value beside them, for
   * tasks to come. No task reads a slice twice, so values are left out, which halves what a round
   * takes of the heaps.
   */
  public static final class Broadcasts implements AutoCloseable, Serializable {

    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private final ArrayList<Broadcast<byte[]>> slices;
    private final int iteration;
    private final int halvings;

    private Broadcasts(ArrayList<Broadcast<byte[]>> slices, int iteration, int halvings) {
      this.slices = slices;
      this.iteration = iteration;
      this.halvings = halvings;
    }

    /** On a worker: makes a graph's state this one. */
    public void loadInto(ExecutorGraph graph) {
      List<Broadcast<byte[]>> sent = slices;
      for (int i = 0; i < sent.size(); i++) {
        graph.state().write(i, sent.get(i).value());
      }
      graph.setStep(iteration, halvings);
    }

    @Override
    public void close() {
      slices.forEach(Broadcast::destroy);
    }
  }
}
