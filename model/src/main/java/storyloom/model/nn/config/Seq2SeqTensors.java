package storyloom.model.nn.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layers of a model by name, and the tensors that each learns: the one place that says what a
 * tensor is called, how large it is and how it starts. In a bundle it stands as {@code
 * layer.tensor}.
 *
 * <p>The 4H columns of an LSTM are the gates i, f, g, o; each LSTM has one bias. LSTMs above the
 * first of encoder or decoder are numbered: {@code encoder.1}; {@code .reverse} stands behind the
 * name of one that reads backwards. The layers of a Transformer's blocks stand in {@link
 * TransformerTensors}.
 */
public final class Seq2SeqTensors {

  /** The layer that embeds prompts; with tied embeddings its weight serves stories and output. */
  public static final String PROMPT_EMBEDDING = "prompt_embedding";

  /** The layer that embeds stories. */
  public static final String STORY_EMBEDDING = "story_embedding";

  /** The layer that looks at the prompt. */
  public static final String ATTENTION = "attention";

  /** The layer that predicts tokens. */
  public static final String OUTPUT = "output";

  /** The layer that weighs the vocabulary against the words of the prompt. */
  public static final String COPY = "copy";

  /** A layer's only matrix: of an embedding, of general attention, of the full softmax. */
  public static final String WEIGHT = "weight";

  /** What is added to an LSTM's gates, to the logits, or to the gate of copying. */
  public static final String BIAS = "bias";

  /** An LSTM's matrix for what it reads. */
  public static final String INPUT_WEIGHT = "input_weight";

  /** An LSTM's matrix for its own state. */
  public static final String RECURRENT_WEIGHT = "recurrent_weight";

  /** Additive attention: from decoder states to queries. */
  public static final String QUERY_WEIGHT = "query_weight";

  /** Additive attention: from encoder outputs to keys. */
  public static final String KEY_WEIGHT = "key_weight";

  /** Additive attention: from the hidden layer to a score. */
  public static final String VECTOR = "vector";

  /** Tied embeddings: from the features to the width of an embedding. */
  public static final String PROJECTION = "projection";

  private static final int GATES = 4;

  private Seq2SeqTensors() {}

  /**
   * Every tensor of a model by its name in a bundle. A model with tied embeddings has {@code
   * story_embedding.weight} too: the same numbers as {@code prompt_embedding.weight}.
   */
  public static SortedMap<String, Tensor> of(Seq2SeqConfig config) {
    SortedMap<String, Tensor> all = new TreeMap<>();
    put(all, PROMPT_EMBEDDING, embedding(config));
    put(all, STORY_EMBEDDING, embedding(config));
    if (config.kind() == ModelKind.TRANSFORMER) {
      TransformerTensors.of(config).forEach((layer, tensors) -> put(all, layer, tensors));
    } else {
      putLstms(all, config);
    }
    put(all, OUTPUT, output(config));
    if (config.copy()) {
      put(all, COPY, copy(config));
    }
    return all;
  }

  private static void putLstms(SortedMap<String, Tensor> all, Seq2SeqConfig config) {
    for (int layer = 0; layer < config.layers(); layer++) {
      int inputs = layer == 0 ? config.embedding() : config.hidden();
      if (config.bidirectional()) {
        put(all, encoder(layer), lstm(inputs, config.hidden() / 2));
        put(all, reverseEncoder(layer), lstm(inputs, config.hidden() / 2));
      } else {
        put(all, encoder(layer), lstm(inputs, config.hidden()));
      }
      put(all, decoder(layer), lstm(inputs, config.hidden()));
    }
    put(all, ATTENTION, attention(config.attention(), config.hidden()));
  }

  private static void put(SortedMap<String, Tensor> all, String layer, List<Tensor> tensors) {
    for (Tensor tensor : tensors) {
      Tensor named = tensor.of(layer);
      all.put(named.name(), named);
    }
  }

  /** A tensor's name in a bundle. */
  public static String name(String layer, String tensor) {
    return layer + "." + tensor;
  }

  /**
   * The encoder's LSTM that reads forwards.
   *
   * @param layer 0 for the one that reads the embeddings
   */
  public static String encoder(int layer) {
    return numbered("encoder", layer);
  }

  /** As {@link #encoder(int)}, for the one that reads backwards. */
  public static String reverseEncoder(int layer) {
    return encoder(layer) + ".reverse";
  }

  /**
   * The decoder's LSTM.
   *
   * @param layer 0 for the one that reads the embeddings
   */
  public static String decoder(int layer) {
    return numbered("decoder", layer);
  }

  private static String numbered(String name, int layer) {
    return layer == 0 ? name : name + "." + layer;
  }

  /**
   * What an embedding learns; as with the others, in the order in which it stands in memory. The
   * numbers of a Transformer start small, as they are the output's too where embeddings are tied.
   */
  public static List<Tensor> embedding(Seq2SeqConfig config) {
    double deviation = config.kind() == ModelKind.TRANSFORMER ? TransformerTensors.DEVIATION : 1;
    return List.of(
        new Tensor(WEIGHT, Start.normal(deviation), config.vocabulary(), config.embedding()));
  }

  /**
   * What an LSTM learns.
   *
   * @param inputs E
   * @param hidden H
   */
  public static List<Tensor> lstm(int inputs, long hidden) {
    return List.of(
        new Tensor(INPUT_WEIGHT, Start.uniform(hidden), inputs, GATES * hidden),
        new Tensor(RECURRENT_WEIGHT, Start.uniform(hidden), hidden, GATES * hidden),
        new Tensor(BIAS, Start.uniform(hidden), GATES * hidden));
  }

  /**
   * What attention learns; empty if that is nothing.
   *
   * @param hidden H
   */
  public static List<Tensor> attention(AttentionKind kind, int hidden) {
    return switch (kind) {
      case NONE, DOT -> List.of();
      case GENERAL -> List.of(Tensor.map(WEIGHT, hidden, hidden));
      case ADDITIVE ->
          List.of(
              Tensor.map(QUERY_WEIGHT, hidden, hidden),
              Tensor.map(KEY_WEIGHT, hidden, hidden),
              new Tensor(VECTOR, Start.uniform(hidden), hidden));
    };
  }

  /**
   * What the gate of copying learns. The rows of its weight are those of the input's embedding and
   * of the output layer's input, in this order.
   */
  public static List<Tensor> copy(Seq2SeqConfig config) {
    int width = config.embedding() + config.features();
    return List.of(Tensor.map(WEIGHT, width, 1), new Tensor(BIAS, Start.uniform(width), 1));
  }

  /**
   * Whether a tied output layer maps its input to the width of an embedding first; a Transformer's
   * has that width already.
   */
  public static boolean hasProjection(Seq2SeqConfig config) {
    return config.kind() == ModelKind.LSTM;
  }

  /** What the output layer learns: a full, tied or adaptive softmax. */
  public static List<Tensor> output(Seq2SeqConfig config) {
    int features = config.features();
    int vocabulary = config.vocabulary();
    if (config.tiedEmbeddings()) {
      Tensor bias = new Tensor(BIAS, Start.uniform(config.embedding()), vocabulary);
      return hasProjection(config)
          ? List.of(Tensor.map(PROJECTION, features, config.embedding()), bias)
          : List.of(bias);
    }
    if (config.adaptiveSoftmax().isEmpty()) {
      return List.of(
          Tensor.map(WEIGHT, features, vocabulary),
          new Tensor(BIAS, Start.uniform(features), vocabulary));
    }
    AdaptiveClusters clusters = AdaptiveClusters.of(config);
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(Tensor.map(AdaptiveClusters.HEAD, features, clusters.headSize()));
    for (int k = 0; k < clusters.tails(); k++) {
      int width = AdaptiveClusters.width(features, k);
      tensors.add(Tensor.map(AdaptiveClusters.projection(k), features, width));
      tensors.add(Tensor.map(AdaptiveClusters.weight(k), width, clusters.size(k)));
    }
    return tensors;
  }
}
