package storyloom.jobs;

import picocli.CommandLine.Option;
import storyloom.model.settings.Settings;

/** The options that stand for a setting below {@code decode} each, and go before it. */
final class DecodeOptions {

  @Option(names = "--strategy", paramLabel = "NAME", description = "greedy or sample.")
  private String strategy;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Of sampling: below 1 plays safe, above 1 dares.")
  private String temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Sampling draws from the K likeliest tokens; 0: from all.")
  private String topK;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Longest story.")
  private String maxTokens;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of sampling.")
  private String seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Prompts decoded together; changes the speed, never a story.")
  private String batch;

  /**
   * The settings with these options over them.
   *
   * @throws storyloom.model.UserException if a value is out of its range
   */
  Settings over(Settings settings) {
    Settings changed = settings;
    changed = with(changed, "decode.strategy", strategy);
    changed = with(changed, "decode.temperature", temperature);
    changed = with(changed, "decode.top-k", topK);
    changed = with(changed, "decode.max-tokens", maxTokens);
    changed = with(changed, "decode.seed", seed);
    return with(changed, "decode.batch", batch);
  }

  private static Settings with(Settings settings, String key, String value) {
    return value == null ? settings : settings.with(key, value);
  }
}
