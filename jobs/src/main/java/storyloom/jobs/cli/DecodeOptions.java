package storyloom.jobs.cli;

import picocli.CommandLine.Option;
import storyloom.model.settings.Settings;

/** The options that stand for a setting below {@code decode} each, and go before it. */
public final class DecodeOptions {

  @Option(names = "--strategy", paramLabel = "NAME", description = "greedy, beam or sample.")
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

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Of those, sampling draws from the likeliest that hold this share; 1: from all.")
  private String topP;

  @Option(
      names = "--beam-size",
      paramLabel = "N",
      description = "Drafts of a story that beam search goes on with at a time.")
  private String beamSize;

  @Option(
      names = "--length-penalty",
      paramLabel = "A",
      description = "Of beam search: 0 prefers short stories, more makes long ones worth more.")
  private String lengthPenalty;

  @Option(
      names = "--no-repeat-ngram",
      paramLabel = "N",
      description = "No sequence of N tokens stands in a story twice; 0: no such rule.")
  private String noRepeatNgram;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "F",
      description = "1 changes nothing, 1.2 makes repetition rarer.")
  private String repetitionPenalty;

  @Option(
      names = "--banned-words",
      paramLabel = "WORD,…",
      description = "Words that no story holds.")
  private String bannedWords;

  @Option(names = "--min-tokens", paramLabel = "N", description = "Shortest story.")
  private String minTokens;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Longest story.")
  private String maxTokens;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of sampling.")
  private String seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Rows decoded together; changes the speed, never a story.")
  private String batch;

  /**
   * The settings with these options over them.
   *
   * @throws storyloom.model.UserException if a value is out of its range
   */
  public Settings over(Settings settings) {
    Settings changed = settings;
    changed = with(changed, "decode.strategy", strategy);
    changed = with(changed, "decode.temperature", temperature);
    changed = with(changed, "decode.top-k", topK);
    changed = with(changed, "decode.top-p", topP);
    changed = with(changed, "decode.beam-size", beamSize);
    changed = with(changed, "decode.length-penalty", lengthPenalty);
    changed = with(changed, "decode.no-repeat-ngram", noRepeatNgram);
    changed = with(changed, "decode.repetition-penalty", repetitionPenalty);
    changed = with(changed, "decode.banned-words", bannedWords);
    changed = with(changed, "decode.min-tokens", minTokens);
    changed = with(changed, "decode.max-tokens", maxTokens);
    changed = with(changed, "decode.seed", seed);
    return with(changed, "decode.batch", batch);
  }

  private static Settings with(Settings settings, String key, String value) {
    return value == null ? settings : settings.with(key, value);
  }
}
