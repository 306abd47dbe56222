package storyloom.bench;

import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.settings.Settings;

/** The options that say by which model stories are written, and how long they may get. */
final class WritingOptions {

  @Option(
      names = "--model",
      description = "A bundle's directory. Default: untrained weights of the sizes below")
  private String model;

  @Mixin private SharedOptions.ModelSize size;

  @Option(
      names = "--max-story",
      defaultValue = "200",
      description = "Longest story in tokens. Default: ${DEFAULT-VALUE}")
  private int maxStory;

  @Option(
      names = "--no-end",
      description = "Never write <end>: every story has --max-story tokens.")
  private boolean noEnd;

  /** The bundle's directory, if one is named. */
  Optional<String> model() {
    return Optional.ofNullable(model);
  }

  /** The untrained model where no bundle is named. */
  Seq2SeqConfig untrained() {
    return size.config();
  }

  /** Longest story, in tokens. */
  int longest() {
    return maxStory;
  }

  /** Shortest story, in tokens. */
  int shortest() {
    return noEnd ? maxStory : 0;
  }

  /**
   * The likeliest token at each step.
   *
   * @param batch prompts decoded together
   */
  Settings greedy(int batch) {
    return Settings.defaults()
        .with("decode.strategy", "greedy")
        .with("decode.batch", Integer.toString(batch))
        .with("decode.max-tokens", Integer.toString(longest()))
        .with("decode.min-tokens", Integer.toString(shortest()));
  }
}
