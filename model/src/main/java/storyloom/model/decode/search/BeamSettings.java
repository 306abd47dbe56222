package storyloom.model.decode.search;

import java.io.Serializable;

/**
 * How wide a beam search is, and what it prefers. Stories are ranked by
 *
 * <pre>
 *   score / ((5 + length) / 6)^α
 * </pre>
 *
 * <p>where length counts {@code <end>} (Wu et al. 2016, "GNMT", equation 14, without coverage).
 *
 * @param size drafts of a prompt that are gone on with at a time
 * @param lengthPenalty α: 0 prefers short stories, more makes long ones worth more
 */
public record BeamSettings(int size, double lengthPenalty) implements Serializable {

  private static final double OFFSET = 5;

  /**
   * What a story is ranked by.
   *
   * @param score sum of log probabilities
   * @param length tokens, {@code <end>} included where it was written
   */
  double rank(double score, int length) {
    return score / Math.pow((OFFSET + length) / (OFFSET + 1), lengthPenalty);
  }
}
