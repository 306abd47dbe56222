package storyloom.model.bundle;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;

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

  /** How the tensors differ from what the model needs, in words; empty if they do not. */
  static Optional<String> difference(SortedMap<String, INDArray> tensors, Seq2SeqConfig config) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return differenceOfShapes(shapes, config).or(() -> untied(tensors, config));
  }

  /**
   * How the shapes of tensors, which need not exist yet, differ from those that the model needs, in
   * words; empty if they do not.
   *
   * @param shapes name → shape
   */
  static Optional<String> differenceOfShapes(
      SortedMap<String, long[]> shapes, Seq2SeqConfig config) {
    SortedMap<String, Tensor> needed = Seq2SeqTensors.of(config);
    for (String name : needed.keySet()) {
      long[] shape = shapes.get(name);
      if (shape == null) {
        return Optional.of("it lacks " + name);
      }
      if (!Arrays.equals(shape, needed.get(name).shape())) {
        return Optional.of(
            "%s has the shape %s where the model needs %s"
                .formatted(
                    name, Arrays.toString(shape), Arrays.toString(needed.get(name).shape())));
      }
    }
    return shapes.keySet().stream()
        .filter(name -> !needed.containsKey(name))
        .findFirst()
        .map(name -> "the model has no " + name);
  }

  private static Optional<String> untied(
      SortedMap<String, INDArray> tensors, Seq2SeqConfig config) {
    String prompt = Seq2SeqTensors.name(Seq2SeqTensors.PROMPT_EMBEDDING, Seq2SeqTensors.WEIGHT);
    String story = Seq2SeqTensors.name(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT);
    if (!config.tiedEmbeddings() || tensors.get(prompt).equalsWithEps(tensors.get(story), 0)) {
      return Optional.empty();
    }
    return Optional.of(prompt + " and " + story + " differ where the model has them tied");
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
