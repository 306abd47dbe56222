package storyloom.model.nn.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a vertex or layer within the stretch of the graph's flat array it owns. */
public final class ParameterViews {

  private ParameterViews() {}

  /**
   * Views of a flat array, row-major, one after the other.
   *
   * @param shapes by name, in the order in which they stand in memory
   * @param flat as long as all shapes together
   */
  public static Map<String, INDArray> of(Map<String, long[]> shapes, INDArray flat) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    long start = 0;
    for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
      long end = start + length(shape.getValue());
      INDArray part = flat.reshape(flat.length()).get(NDArrayIndex.interval(start, end));
      views.put(shape.getKey(), part.reshape('c', shape.getValue()));
      start = end;
    }
    return views;
  }

  /** How many numbers an array of this shape holds. */
  public static long length(long[] shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    return length;
  }
}
