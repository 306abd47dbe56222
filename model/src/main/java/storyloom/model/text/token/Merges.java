package storyloom.model.text.token;

import java.io.Serializable;
import java.util.List;

/**
 * The merges of byte-pair encoding, in the order in which they were learned and are applied.
 * Immutable.
 *
 * @param pairs what is merged with what
 */
public record Merges(List<Pair> pairs) implements Serializable {

  /** No merges: those of a tokenizer that is not byte-pair encoding. */
  public static final Merges NONE = new Merges(List.of());

  /**
   * Two tokens that become one where they stand beside each other.
   *
   * @param left the first, which does not end a word
   * @param right the second
   */
  public record Pair(String left, String right) implements Serializable {

    /** The token that they become. */
    public String merged() {
      return Subwords.merge(left, right);
    }
  }

  public Merges {
    pairs = List.copyOf(pairs);
  }
}
