package storyloom.model.nn.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.Matrix;

/**
 * A weight and the place of its gradient.
 *
 * @param value the numbers
 * @param gradient overwritten by each backward pass; null if nothing is learned
 */
public record Parameter(Matrix value, Matrix gradient) {

  /**
   * A layer's tensors within the stretch of the graph's flat array that it owns: row-major, one
   * after the other.
   *
   * @param flat as long as all tensors together
   * @return views by {@link Tensor#key}, in the order of the tensors
   */
  public static Map<String, INDArray> views(List<Tensor> tensors, INDArray flat) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    long start = 0;
    for (Tensor tensor : tensors) {
      long end = start + tensor.length();
      INDArray part = flat.reshape(flat.length()).get(NDArrayIndex.interval(start, end));
      views.put(tensor.key(), part.reshape('c', tensor.shape()));
      start = end;
    }
    return views;
  }
}
