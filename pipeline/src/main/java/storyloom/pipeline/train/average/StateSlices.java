package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.FlatFloats;

/**
 * What averaging works on, in slices of at most {@value #LARGEST} numbers (16 MB): all parameters,
 * then the updater's state (Adam's first and second moments). Nobody ever holds the whole on the
 * Java heap.
 */
public final class StateSlices {

  /**
   * A byte array of so many, header included, just fills a G1 region of 16 MB. G1 leaves arrays
   * where they are that are larger than half of a region; those below it copies while they live.
   */
  private static final int LARGEST = (4 << 20) - 4;

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

  /** A copy of a slice. */
  byte[] read(int number) {
    Slice slice = slices.get(number);
    return FlatFloats.read(slice.array(), slice.start(), slice.length());
  }

  void write(int number, ByteBuffer bytes) {
    ByteBuffer view = view(number);
    if (bytes.remaining() != view.remaining()) {
      throw new IllegalArgumentException(
          "slice " + number + " has " + view.remaining() + " bytes, not " + bytes.remaining());
    }
    view.put(bytes.duplicate());
  }

  /** The slice itself, not a copy: writing to it writes to the array. */
  ByteBuffer view(int number) {
    Slice slice = slices.get(number);
    return FlatFloats.view(slice.array(), slice.start(), slice.length());
  }
}
