package storyloom.model.bundle;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Named float32 tensors outside the Java heap, freed on {@link #close()}. */
public final class Weights implements AutoCloseable {

  private final SortedMap<String, INDArray> tensors;

  private Weights(SortedMap<String, INDArray> tensors) {
    this.tensors = Collections.unmodifiableSortedMap(tensors);
  }

  /** Takes over the tensors: they are freed with these weights. */
  public static Weights of(Map<String, INDArray> tensors) {
    return new Weights(new TreeMap<>(tensors));
  }

  /** All tensors by name. Unmodifiable. */
  public SortedMap<String, INDArray> tensors() {
    return tensors;
  }

  /**
   * @throws IllegalArgumentException if there is no such tensor
   */
  public INDArray get(String name) {
    INDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name + " among " + tensors.keySet());
    }
    return tensor;
  }

  /** Frees the memory of all tensors, but for views: theirs belongs to another array. */
  @Override
  public void close() {
    for (INDArray tensor : tensors.values()) {
      if (tensor.closeable()) {
        tensor.close();
      }
    }
  }
}
