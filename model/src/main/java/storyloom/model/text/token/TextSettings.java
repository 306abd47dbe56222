package storyloom.model.text.token;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import storyloom.model.UserException;

/**
 * How text becomes ids. It stands in every bundle, so that serving reads text just as training did.
 *
 * @param rules names of the per-text cleaning rules that are on, in the order they are applied
 * @param tokenizer kind of tokenizer: {@code words} or {@code bpe}
 * @param lowercase whether case is folded; sentence case is restored on the way back
 * @param maxPromptTokens longest prompt in tokens; what is beyond is cut off in training, rejected
 *     when generating
 * @param maxStoryTokens longest story in tokens, {@code <end>} not counted; or, where long stories
 *     are read in windows, the tokens of a window
 * @param longStories what becomes of longer ones
 * @param rulesVersion version of what the rules and the tokenizer do to a text; {@value
 *     #UNRECORDED} in bundles of releases that did not record it
 */
public record TextSettings(
    List<String> rules,
    String tokenizer,
    boolean lowercase,
    int maxPromptTokens,
    int maxStoryTokens,
    LongStories longStories,
    int rulesVersion)
    implements Serializable {

  /** Raised with each change of what the rules or a tokenizer make of any text. */
  public static final int RULES_VERSION = 1;

  /** Stands for the version of releases that did not record it. */
  public static final int UNRECORDED = 0;

  /** A window holds a sentence at least. */
  private static final int SHORTEST_WINDOW = 16;

  public TextSettings {
    rules = List.copyOf(rules);
  }

  /** Of the rules that this program has; long stories are cut. */
  public TextSettings(
      List<String> rules,
      String tokenizer,
      boolean lowercase,
      int maxPromptTokens,
      int maxStoryTokens) {
    this(
        rules,
        tokenizer,
        lowercase,
        maxPromptTokens,
        maxStoryTokens,
        LongStories.CUT,
        RULES_VERSION);
  }

  /** Whether stories are read whole, however long they are. */
  public boolean hasWindows() {
    return longStories == LongStories.WINDOWS;
  }

  /**
   * Tokens of a story that are read in one pass, {@code <end>} not counted: those of a window, or
   * any number where no story that is read has more than fit.
   */
  public int tokensAtOnce() {
    return hasWindows() ? maxStoryTokens : Integer.MAX_VALUE;
  }

  /**
   * Refuses windows that are too short to learn from.
   *
   * @throws UserException of usage
   */
  public void requireWholeSentences() {
    if (hasWindows() && maxStoryTokens < SHORTEST_WINDOW) {
      throw UserException.usage(
          "text.max-story-tokens must be at least %d where text.long-stories is windows, so that a window holds a sentence, not %d"
              .formatted(SHORTEST_WINDOW, maxStoryTokens));
    }
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
