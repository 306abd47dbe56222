package storyloom.pipeline.evaluate;

import java.io.Serializable;
import storyloom.model.nn.kernel.TokenTally;

/**
 * What one task, or several, add up to.
 *
 * @param pairs scored pairs
 * @param tally of their target tokens
 * @param words of their stories, and one for the end of each
 * @param unknown target tokens that the vocabulary lacks
 */
record PartTally(long pairs, TokenTally tally, long words, long unknown) implements Serializable {

  static final PartTally NOTHING = new PartTally(0, TokenTally.NONE, 0, 0);

  PartTally plus(PartTally other) {
    return new PartTally(
        pairs + other.pairs, tally.plus(other.tally), words + other.words, unknown + other.unknown);
  }
}
