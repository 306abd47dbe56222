package storyloom.model.text.token;

import java.util.Locale;

/** What training and evaluation make of a story beyond {@code text.max-story-tokens}. */
public enum LongStories {
  /** It is cut at its last sentence end that fits. */
  CUT,
  /** It is read whole, in windows of so many tokens. */
  WINDOWS;

  /** As reference.conf spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reverse of {@link #toString}. */
  public static LongStories of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
