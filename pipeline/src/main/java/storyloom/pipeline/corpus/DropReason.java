package storyloom.pipeline.corpus;

import java.util.Arrays;
import java.util.Locale;

/** Why a pair was left out. */
public enum DropReason {
  /** Nothing is left of the prompt after cleaning. */
  BLANK_PROMPT,
  /** Nothing is left of the story after cleaning. */
  BLANK_STORY,
  /** The same prompt with the same story stands in train already. */
  DUPLICATE,
  /** The same prompt with the same story stands in valid or test as well; train gives it up. */
  IN_ANOTHER_SPLIT;

  static DropReason of(String text) {
    return Arrays.stream(values())
        .filter(reason -> reason.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no reason to drop a pair: " + text));
  }

  /** The reason in words, for reports. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
