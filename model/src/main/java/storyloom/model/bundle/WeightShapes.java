package storyloom.model.bundle;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.config.LayerNames;
import storyloom.model.nn.config.Seq2SeqConfig;

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
    for (int layer = 0; layer < config.layers(); layer++) {
      long inputs = layer == 0 ? embedding : hidden;
      if (config.bidirectional()) {
        putLstm(shapes, LayerNames.encoder(layer), inputs, hidden / 2);
        putLstm(shapes, LayerNames.reverseEncoder(layer), inputs, hidden / 2);
      } else {
        putLstm(shapes, LayerNames.encoder(layer), inputs, hidden);
      }
      putLstm(shapes, LayerNames.decoder(layer), inputs, hidden);
    }
    putAttention(shapes, config);
    putOutput(shapes, config);
    return shapes;
  }

  private static void putLstm(Map<String, long[]> shapes, String name, long inputs, long hidden) {
    shapes.put(name + ".input_weight", new long[] {inputs, GATES * hidden});
    shapes.put(name + ".recurrent_weight", new long[] {hidden, GATES * hidden});
    shapes.put(name + ".bias", new long[] {GATES * hidden});
  }

  private static void putAttention(Map<String, long[]> shapes, Seq2SeqConfig config) {
    long hidden = config.hidden();
    switch (config.attention()) {
      case GENERAL -> shapes.put("attention.weight", new long[] {hidden, hidden});
      case ADDITIVE -> {
        shapes.put("attention.query_weight", new long[] {hidden, hidden});
        shapes.put("attention.key_weight", new long[] {hidden, hidden});
        shapes.put("attention.vector", new long[] {hidden});
      }
      case NONE, DOT -> {} // nothing to learn
    }
  }

  private static void putOutput(Map<String, long[]> shapes, Seq2SeqConfig config) {
    int features = config.features();
    int vocabulary = config.vocabulary();
    if (!config.adaptiveSoftmax().isEmpty()) {
      new AdaptiveClusters(features, vocabulary, config.adaptiveSoftmax())
          .shapes()
          .forEach((name, shape) -> shapes.put("output." + name, shape));
      return;
    }
    if (config.tiedEmbeddings()) {
      shapes.put("output.projection", new long[] {features, config.embedding()});
    } else {
      shapes.put("output.weight", new long[] {features, vocabulary});
    }
    shapes.put("output.bias", new long[] {vocabulary});
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
    Optional<String> foreign =
        tensors.keySet().stream()
            .filter(name -> !needed.containsKey(name))
            .findFirst()
            .map(name -> "the model has no " + name);
    return foreign.isPresent() ? foreign : untied(tensors, config);
  }

  private static Optional<String> untied(
      SortedMap<String, INDArray> tensors, Seq2SeqConfig config) {
    INDArray prompt = tensors.get("prompt_embedding.weight");
    INDArray story = tensors.get("story_embedding.weight");
    if (!config.tiedEmbeddings() || prompt.equalsWithEps(story, 0)) {
      return Optional.empty();
    }
    return Optional.of(
        "prompt_embedding.weight and story_embedding.weight differ where the model has them tied");
  }
}
