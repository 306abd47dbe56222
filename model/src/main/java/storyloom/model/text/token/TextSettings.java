package storyloom.model.text.token;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * How text becomes ids. It stands in every bundle, so that serving reads text just as training did.
 *
 * @param rules names of the per-text cleaning rules that are on, in the order they are applied
 * @param tokenizer kind of tokenizer: {@code words} or {@code bpe}
 * @param lowercase whether case is folded; sentence case is restored on the way back
 * @param maxPromptTokens longest prompt in tokens; what is beyond is cut off in training, rejected
 *     when generating
 * @param maxStoryTokens longest story in tokens, {@code <end>} not counted
 * @param rulesVersion version of what the rules and the tokenizer do to a text; {@value
 *     #UNRECORDED} in bundles of releases that did not record it
 */
public record TextSettings(
    List<String> rules,
    String tokenizer,
    boolean lowercase,
    int maxPromptTokens,
    int maxStoryTokens,
    int rulesVersion)
    implements Serializable {

  /** Raised with each change of what the rules or a tokenizer make of any text. */
  public static final int RULES_VERSION = 1;

  /** Stands for the version of releases that did not record it. */
  public static final int UNRECORDED = 0;

  public TextSettings {
    rules = List.copyOf(rules);
  }

  /** Of the rules that this program has. */
  public TextSettings(
      List<String> rules,
      String tokenizer,
      boolean lowercase,
      int maxPromptTokens,
      int maxStoryTokens) {
    this(rules, tokenizer, lowercase, maxPromptTokens, maxStoryTokens, RULES_VERSION);
  }

  /**
   * What sets the rules that text was read by apart from those of this program, which go by the
   * same names; nothing if they are the same.
   */
  public Optional<String> otherRules() {
    if (rulesVersion == RULES_VERSION) {
      return Optional.empty();
    }
    String version =
        rulesVersion == UNRECORDED ? "an unrecorded version" : "version " + rulesVersion;
    return Optional.of(
        "its text was cleaned by rules of %s, where this program has version %d"
            .formatted(version, RULES_VERSION));
  }
}
