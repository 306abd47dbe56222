package storyloom.model.text.filter;

import java.io.Serializable;
import java.util.List;

/**
 * Which texts of a corpus are not worth learning from.
 *
 * @param rules names of the rules that are on, of {@link TextFilter#ruleNames()}
 * @param prompt bounds of prompts
 * @param story bounds of stories
 */
public record RejectionSettings(List<String> rules, Bounds prompt, Bounds story)
    implements Serializable {

  /** Nothing is rejected. */
  public static final RejectionSettings NONE =
      new RejectionSettings(List.of(), Bounds.NONE, Bounds.NONE);

  /**
   * Lengths of a text in words, split at white space.
   *
   * @param fewest words that a text must have; 0 for no bound
   * @param most words that a text may have; 0 for no bound
   */
  public record Bounds(int fewest, int most) implements Serializable {

    /** Any length will do. */
    public static final Bounds NONE = new Bounds(0, 0);

    public Bounds {
      if (fewest < 0 || most < 0) {
        throw new IllegalArgumentException(
            "bounds must not be negative, not " + fewest + " and " + most);
      }
    }

    boolean isTooShort(int words) {
      return words < fewest;
    }

    boolean isTooLong(int words) {
      return most > 0 && words > most;
    }
  }

  public RejectionSettings {
    rules = List.copyOf(rules);
  }
}
