package storyloom.bench;

import java.util.List;
import picocli.CommandLine.Option;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;

/** The options that say how large an untrained model is, and how it looks at prompts. */
final class ModelSize {

  @Option(
      names = "--vocabulary",
      defaultValue = "20000",
      description = "V. Default: ${DEFAULT-VALUE}")
  private int vocabulary;

  @Option(names = "--embedding", defaultValue = "256", description = "E. Default: ${DEFAULT-VALUE}")
  private int embedding;

  @Option(names = "--hidden", defaultValue = "256", description = "H. Default: ${DEFAULT-VALUE}")
  private int hidden;

  @Option(
      names = "--attention",
      defaultValue = "dot",
      description = "none, dot, general or additive. Default: ${DEFAULT-VALUE}")
  private AttentionKind attention;

  /** V. */
  int vocabulary() {
    return vocabulary;
  }

  /** How the model looks at prompts. */
  AttentionKind attention() {
    return attention;
  }

  /** The model of one layer each, without any other option. */
  Seq2SeqConfig config() {
    return config(false, List.of(), 0);
  }

  /** The model of one layer each with some of the options. */
  Seq2SeqConfig config(boolean tied, List<Integer> adaptive, double dropout) {
    return new Seq2SeqConfig(
        vocabulary, embedding, hidden, 1, false, attention, tied, adaptive, dropout, false);
  }
}
