package storyloom.model.bundle;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.Seq2SeqConfig;

/** The names and shapes of a model's tensors, as weights.safetensors holds them. */
public final class WeightShapes {

  private static final int GATES = 4;

  private WeightShapes() {}

  /**
   * Every tensor of a model. Matrices are [in,out]; the 4H columns of an LSTM are the gates i, f,
   * g, o; each LSTM has one bias.
   *
   * @return name → shape
   */
  public static SortedMap<String, long[]> of(Seq2SeqConfig config) {
    long vocabulary = config.vocabulary();
    long embedding = config.embedding();
    long hidden = config.hidden();
    SortedMap<String, long[]> shapes = new TreeMap<>();
    shapes.put("prompt_embedding.weight", new long[] {vocabulary, embedding});
    shapes.put("story_embedding.weight", new long[] {vocabulary, embedding});
    for (String lstm : new String[] {"encoder", "decoder"}) {
      shapes.put(lstm + ".input_weight", new long[] {embedding, GATES * hidden});
      shapes.put(lstm + ".recurrent_weight", new long[] {hidden, GATES * hidden});
      shapes.put(lstm + ".bias", new long[] {GATES * hidden});
    }
    shapes.put("output.weight", new long[] {2 * hidden, vocabulary});
    shapes.put("output.bias", new long[] {vocabulary});
    return shapes;
  }

  /** How the tensors differ from what the model needs, in words; empty if they do not. */
  static Optional<String> difference(SortedMap<String, INDArray> tensors, Seq2SeqConfig config) {
    SortedMap<String, long[]> needed = of(config);
    for (String name : needed.keySet()) {
      INDArray tensor = tensors.get(name);
      if (tensor == null) {
        return Optional.of("it lacks " + name);
      }
      if (!Arrays.equals(tensor.shape(), needed.get(name))) {
        return Optional.of(
            "%s has the shape %s where the model needs %s"
                .formatted(
                    name, Arrays.toString(tensor.shape()), Arrays.toString(needed.get(name))));
      }
    }
    return tensors.keySet().stream()
        .filter(name -> !needed.containsKey(name))
        .findFirst()
        .map(name -> "the model has no " + name);
  }
}
