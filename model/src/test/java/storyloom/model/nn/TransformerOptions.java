package storyloom.model.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;

/** The Transformers that tests go through. */
public final class TransformerOptions {

  private TransformerOptions() {}

  /**
   * A name for each choice of options, and the model with these options.
   *
   * @param vocabulary at least 6
   * @param width a multiple of 4
   * @param dropout of all of them
   */
  public static Map<String, Seq2SeqConfig> of(int vocabulary, int width, double dropout) {
    Map<String, Seq2SeqConfig> options = new LinkedHashMap<>();
    for (Choice choice : CHOICES) {
      options.put(choice.name, choice.config(vocabulary, width, dropout));
    }
    return options;
  }

  private record Choice(
      String name, int layers, int heads, boolean tied, boolean adaptive, boolean copy) {

    Seq2SeqConfig config(int vocabulary, int width, double dropout) {
      return new Seq2SeqConfig(
          vocabulary,
          width,
          width,
          layers,
          false,
          AttentionKind.DOT,
          tied,
          adaptive ? List.of(vocabulary / 2) : List.of(),
          copy,
          copy ? List.of(vocabulary - 1) : List.of(),
          dropout,
          false,
          0,
          0,
          new TransformerConfig(heads, 2 * width + 3));
    }
  }

  private static final List<Choice> CHOICES =
      List.of(
          new Choice("Transformer", 1, 2, false, false, false),
          new Choice("Transformer, 2 layers, tied, copying", 2, 2, true, false, true),
          new Choice("Transformer, adaptive", 1, 1, false, true, false));
}
