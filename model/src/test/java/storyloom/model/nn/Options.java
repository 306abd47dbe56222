package storyloom.model.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;

/** The options of the model that tests go through, alone and together. */
public final class Options {

  private Options() {}

  /**
   * A name for each choice of options, and the model with these options.
   *
   * @param hidden even
   * @param dropout of all of them
   */
  public static Map<String, Seq2SeqConfig> of(
      int vocabulary, int embedding, int hidden, double dropout) {
    Map<String, Seq2SeqConfig> options = new LinkedHashMap<>();
    for (Choice choice : CHOICES) {
      options.put(
          choice.name,
          new Seq2SeqConfig(
              vocabulary,
              embedding,
              hidden,
              choice.layers,
              choice.bidirectional,
              choice.attention,
              false,
              List.of(),
              false,
              dropout,
              false));
    }
    return options;
  }

  private record Choice(String name, int layers, boolean bidirectional, AttentionKind attention) {}

  private static final List<Choice> CHOICES =
      List.of(
          new Choice("classic", 1, false, AttentionKind.DOT),
          new Choice("no attention", 1, false, AttentionKind.NONE),
          new Choice("general", 1, false, AttentionKind.GENERAL),
          new Choice("additive", 1, false, AttentionKind.ADDITIVE),
          new Choice("2 layers", 2, false, AttentionKind.DOT),
          new Choice("4 layers", 4, false, AttentionKind.DOT),
          new Choice("bidirectional", 1, true, AttentionKind.DOT),
          new Choice("2 layers, bidirectional, no attention", 2, true, AttentionKind.NONE),
          new Choice("2 layers, bidirectional, general", 2, true, AttentionKind.GENERAL),
          new Choice("3 layers, bidirectional, additive", 3, true, AttentionKind.ADDITIVE));
}
