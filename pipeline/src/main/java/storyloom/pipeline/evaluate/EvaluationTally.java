package storyloom.pipeline.evaluate;

import java.io.Serializable;
import storyloom.model.nn.loss.LossTally;

/**
 * What one task, or several, add up to.
 *
 * @param pairs scored pairs
 * @param tally of their target tokens
 * @param words of their stories, and one for the end of each
 * @param unknown target tokens that the vocabulary lacks
 */
record EvaluationTally(long pairs, LossTally tally, long words, long unknown)
    implements Serializable {

  static final EvaluationTally NOTHING = new EvaluationTally(0, LossTally.NONE, 0, 0);

  EvaluationTally plus(EvaluationTally other) {
    return new EvaluationTally(
        pairs + other.pairs, tally.plus(other.tally), words + other.words, unknown + other.unknown);
  }
}
