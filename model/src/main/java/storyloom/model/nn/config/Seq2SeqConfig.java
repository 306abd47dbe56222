package storyloom.model.nn.config;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/**
 * The shape of an attention seq2seq: all that is needed to build its graph, and all that a bundle
 * must say about it.
 *
 * @param vocabulary V, number of token ids, the four special ones included
 * @param embedding E, size of a token's embedding
 * @param hidden H, size of the encoder's and the decoder's state
 * @param layers LSTMs or blocks on top of each other, in the encoder and in the decoder alike
 * @param bidirectional whether the encoder reads prompts both ways, H/2 each way
 * @param attention how the decoder looks at the prompt
 * @param tiedEmbeddings whether prompts, stories and output share one [V,E] matrix
 * @param adaptiveSoftmax first ids of the output's tail clusters, ascending; empty for the full
 *     softmax
 * @param copy whether a story may copy words of its prompt, also those that the vocabulary lacks
 * @param notCopied ids that are never copied: those of marks. What attention they get goes to the
 *     vocabulary, so that looking at a full stop means to copy nothing; ascending, empty where the
 *     model does not copy
 * @param dropout share of the embeddings and of the concatenation that is zeroed while training; 0
 *     for none
 * @param variationalDropout whether a row of the batch drops the same numbers at each of its steps
 *     (Gal and Ghahramani 2016)
 * @param recurrentDropout share of the recurrent weights of all LSTMs that is zeroed in a minibatch
 *     (AWD-LSTM: Merity et al. 2018); 0 for none
 * @param embeddingDropout share of the words whose embeddings are zeroed in a minibatch, wherever
 *     they stand (likewise); 0 for none
 * @param transformer what makes it a Transformer; null for LSTMs
 */
public record Seq2SeqConfig(
    int vocabulary,
    int embedding,
    int hidden,
    int layers,
    boolean bidirectional,
    AttentionKind attention,
    boolean tiedEmbeddings,
    List<Integer> adaptiveSoftmax,
    boolean copy,
    List<Integer> notCopied,
    double dropout,
    boolean variationalDropout,
    double recurrentDropout,
    double embeddingDropout,
    TransformerConfig transformer)
    implements Serializable {

  /** Smallest V: {@code <pad>}, {@code <OOV>}, {@code <start>}, {@code <end>} and one word. */
  private static final int SMALLEST_VOCABULARY = 5;

  private static final int MOST_LSTMS = 4;

  private static final int MOST_BLOCKS = 12;

  /** So far, sizes that are made of several widths do not overflow. */
  private static final int WIDEST = 1 << 20;

  private static final String WIDTHS = "from 1 to " + WIDEST;

  private static final String VARIATIONAL = "variational";

  /**
   * @throws UserException if a number is out of its range or two options exclude each other; the
   *     message names the key
   */
  public Seq2SeqConfig {
    requireNonNull(attention, "attention");
    adaptiveSoftmax = List.copyOf(adaptiveSoftmax);
    notCopied = List.copyOf(notCopied);
    require(vocabulary >= SMALLEST_VOCABULARY, "the vocabulary", "at least 5 tokens", vocabulary);
    require(isWidth(embedding), "model.embedding", WIDTHS, embedding);
    require(isWidth(hidden), "model.hidden", WIDTHS, hidden);
    int mostLayers = transformer == null ? MOST_LSTMS : MOST_BLOCKS;
    require(layers >= 1 && layers <= mostLayers, "model.layers", "1 to " + mostLayers, layers);
    require(
        !bidirectional || hidden % 2 == 0,
        "model.hidden",
        "even where model.bidirectional is true",
        hidden);
    requireShare("model.dropout", dropout);
    requireShare("model.recurrent-dropout", recurrentDropout);
    requireShare("model.embedding-dropout", embeddingDropout);
    require(
        adaptiveSoftmax.isEmpty() || !tiedEmbeddings,
        "model.adaptive-softmax",
        "empty where model.tied-embeddings is true",
        adaptiveSoftmax);
    require(
        !copy || attention != AttentionKind.NONE,
        "model.copy",
        "false where model.attention is none",
        copy);
    require(
        !copy || adaptiveSoftmax.isEmpty(),
        "model.copy",
        "false where model.adaptive-softmax is set",
        copy);
    int before = 0;
    for (int first : adaptiveSoftmax) {
      require(
          first > before && first < vocabulary,
          "model.adaptive-softmax",
          "ascending ids above 0 and below the vocabulary's " + vocabulary,
          adaptiveSoftmax);
      before = first;
    }
    for (int id : notCopied) {
      require(
          id >= 0 && id < vocabulary,
          "an id that is not copied",
          "one of the vocabulary's " + vocabulary,
          id);
    }
    int clusters = adaptiveSoftmax.size();
    require(
        clusters == 0
            || AdaptiveClusters.width(features(transformer, attention, hidden), clusters - 1) > 0,
        "model.adaptive-softmax",
        "of fewer ids where model.hidden is only " + hidden,
        adaptiveSoftmax);
    if (transformer != null) {
      transformer.requireFit(embedding, hidden, bidirectional, attention, recurrentDropout);
    }
  }

  /** Of LSTMs, without dropout of recurrent weights and of words. */
  public Seq2SeqConfig(
      int vocabulary,
      int embedding,
      int hidden,
      int layers,
      boolean bidirectional,
      AttentionKind attention,
      boolean tiedEmbeddings,
      List<Integer> adaptiveSoftmax,
      boolean copy,
      double dropout,
      boolean variationalDropout) {
    this(
        vocabulary,
        embedding,
        hidden,
        layers,
        bidirectional,
        attention,
        tiedEmbeddings,
        adaptiveSoftmax,
        copy,
        List.of(),
        dropout,
        variationalDropout,
        0,
        0,
        null);
  }

  /** The classic model: one layer each, dot attention, full softmax, plain dropout. */
  public Seq2SeqConfig(int vocabulary, int embedding, int hidden, double dropout) {
    this(
        vocabulary,
        embedding,
        hidden,
        1,
        false,
        AttentionKind.DOT,
        false,
        List.of(),
        false,
        dropout,
        false);
  }

  /**
   * A Transformer with one matrix of embeddings for prompts, stories and output.
   *
   * @param vocabulary V
   * @param width of embeddings and blocks
   * @param layers blocks on top of each other
   */
  public static Seq2SeqConfig transformer(
      int vocabulary, int width, int layers, TransformerConfig transformer, double dropout) {
    return new Seq2SeqConfig(
        vocabulary,
        width,
        width,
        layers,
        false,
        AttentionKind.DOT,
        true,
        List.of(),
        false,
        List.of(),
        dropout,
        false,
        0,
        0,
        transformer);
  }

  /**
   * The model that the settings below {@code model} describe. One that copies may copy every token:
   * {@link #copyingAllBut} says which it must not.
   *
   * @param vocabulary V
   * @throws UserException of usage if two settings exclude each other, or do not fit the
   *     vocabulary; the message names the key
   */
  public static Seq2SeqConfig of(Settings settings, int vocabulary) {
    return new Seq2SeqConfig(
        vocabulary,
        settings.integer("model.embedding"),
        settings.integer("model.hidden"),
        settings.integer("model.layers"),
        settings.flag("model.bidirectional"),
        AttentionKind.of(settings.text("model.attention")),
        settings.flag("model.tied-embeddings"),
        settings.integers("model.adaptive-softmax"),
        settings.flag("model.copy"),
        List.of(),
        settings.number("model.dropout"),
        settings.text("model.dropout-kind").equals(VARIATIONAL),
        settings.number("model.recurrent-dropout"),
        settings.number("model.embedding-dropout"),
        ModelKind.of(settings.text("model.kind")) == ModelKind.TRANSFORMER
            ? new TransformerConfig(
                settings.integer("model.heads"), settings.integer("model.feed-forward"))
            : null);
  }

  /** What encoder and decoder are made of. */
  public ModelKind kind() {
    return transformer == null ? ModelKind.LSTM : ModelKind.TRANSFORMER;
  }

  /**
   * The same model, which copies all words but some; itself where it does not copy.
   *
   * @param ids ascending
   */
  public Seq2SeqConfig copyingAllBut(List<Integer> ids) {
    return withShapeOf(this, copy ? ids : List.of());
  }

  /**
   * Whether the weights of another model can go on as those of this one: all but dropout and what
   * is not copied.
   */
  public boolean hasShapeOf(Seq2SeqConfig other) {
    return equals(withShapeOf(other, notCopied));
  }

  /** Another model with the dropout of this one. */
  private Seq2SeqConfig withShapeOf(Seq2SeqConfig other, List<Integer> marks) {
    return new Seq2SeqConfig(
        other.vocabulary,
        other.embedding,
        other.hidden,
        other.layers,
        other.bidirectional,
        other.attention,
        other.tiedEmbeddings,
        other.adaptiveSoftmax,
        other.copy,
        marks,
        dropout,
        variationalDropout,
        recurrentDropout,
        embeddingDropout,
        other.transformer);
  }

  /**
   * I, width of the output layer's input: 2H where the decoder's state and what it has looked at
   * stand side by side, else H.
   */
  public int features() {
    return features(transformer, attention, hidden);
  }

  private static int features(TransformerConfig transformer, AttentionKind attention, int hidden) {
    return transformer == null && attention != AttentionKind.NONE ? 2 * hidden : hidden;
  }

  private static boolean isWidth(int size) {
    return size >= 1 && size <= WIDEST;
  }

  private static void requireShare(String key, double share) {
    require(share >= 0 && share < 1, key, "at least 0 and below 1", share);
  }

  private static void require(boolean holds, String key, String range, Object value) {
    if (!holds) {
      throw UserException.usage(key + " must be " + range + ", not " + value);
    }
  }
}
