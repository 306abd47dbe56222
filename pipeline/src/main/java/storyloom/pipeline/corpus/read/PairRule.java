package storyloom.pipeline.corpus.read;

import java.util.Locale;

/**
 * Why a pair is unfit to learn from, beyond what is wrong with its prompt or its story by itself.
 */
public enum PairRule {
  /** A line, or a text in a table, that is not UTF-8. */
  INVALID_UTF8,
  /** A line of JSON or a record of CSV that does not hold a prompt and a story. */
  MALFORMED,
  /** A text that is too long to be one: {@code corpus.max-characters}. */
  OVERLONG,
  /** Nothing is left of the prompt after cleaning. */
  BLANK_PROMPT,
  /** Nothing is left of the story after cleaning. */
  BLANK_STORY,
  /** A prompt of train that stands in valid or test as well. */
  SHARED_PROMPT,
  /** A story of train that stands in valid or test as well. */
  SHARED_STORY,
  /** A pair of train that stands there already. */
  DUPLICATE_PAIR,
  /** A story of train that stands there already, with another prompt. */
  DUPLICATE_STORY;

  /** Whether the rule has a switch below {@code corpus.drop}. */
  public boolean isOptional() {
    return compareTo(SHARED_PROMPT) >= 0;
  }

  /** The name in settings and reports: {@code duplicate-pair}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
