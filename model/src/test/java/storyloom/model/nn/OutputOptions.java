package storyloom.model.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;

/** The kinds of output that tests go through. */
public final class OutputOptions {

  private OutputOptions() {}

  /**
   * A name for each kind of output, and a model that has it.
   *
   * @param vocabulary at least 12
   * @param hidden at least 8
   */
  public static Map<String, Seq2SeqConfig> of(int vocabulary, int embedding, int hidden) {
    Map<String, Seq2SeqConfig> options = new LinkedHashMap<>();
    options.put("full", config(vocabulary, embedding, hidden, false, List.of()));
    options.put("tied", config(vocabulary, embedding, hidden, true, List.of()));
    options.put(
        "adaptive, one tail",
        config(vocabulary, embedding, hidden, false, List.of(vocabulary / 2)));
    options.put(
        "adaptive, two tails",
        config(vocabulary, embedding, hidden, false, List.of(vocabulary / 3, 3 * vocabulary / 4)));
    options.put("tied, no attention", withoutAttention(options.get("tied")));
    options.put("copying", copying(vocabulary, embedding, hidden, false));
    options.put("copying, tied", copying(vocabulary, embedding, hidden, true));
    options.put(
        "copying but marks",
        copying(vocabulary, embedding, hidden, false).copyingAllBut(List.of(4, vocabulary - 1)));
    options.put("adaptive, no attention", withoutAttention(options.get("adaptive, one tail")));
    return options;
  }

  private static Seq2SeqConfig withoutAttention(Seq2SeqConfig config) {
    return new Seq2SeqConfig(
        config.vocabulary(),
        config.embedding(),
        config.hidden(),
        1,
        false,
        AttentionKind.NONE,
        config.tiedEmbeddings(),
        config.adaptiveSoftmax(),
        false,
        0,
        false);
  }

  /** One layer, dot attention, no dropout, a full or tied softmax, and copying. */
  public static Seq2SeqConfig copying(int vocabulary, int embedding, int hidden, boolean tied) {
    return output(vocabulary, embedding, hidden, tied, List.of(), true);
  }

  /** One layer, dot attention, no dropout, and this output. */
  public static Seq2SeqConfig config(
      int vocabulary, int embedding, int hidden, boolean tied, List<Integer> adaptive) {
    return output(vocabulary, embedding, hidden, tied, adaptive, false);
  }

  private static Seq2SeqConfig output(
      int vocabulary,
      int embedding,
      int hidden,
      boolean tied,
      List<Integer> adaptive,
      boolean copy) {
    return new Seq2SeqConfig(
        vocabulary, embedding, hidden, 1, false, AttentionKind.DOT, tied, adaptive, copy, 0, false);
  }
}
