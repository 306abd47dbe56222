package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/**
 * Takes validation pairs out of the training pairs by the hashes of their prompts ({@link
 * PromptHash}), so that equal prompts never stand on both sides: those with a hash below share ·
 * 2⁶³ are for validation. The prompt with the smallest hash always is, and the one with the largest
 * never, so that neither side is empty.
 */
final class Splitter {

  private final double validShare;

  /**
   * Both sides of a split.
   *
   * @param train pairs to learn from
   * @param valid pairs to validate by
   */
  record Sides(Dataset<Row> train, Dataset<Row> valid) {}

  /**
   * @param validShare the share of prompts to take, above 0 and below 1
   */
  Splitter(double validShare) {
    this.validShare = validShare;
  }

  /**
   * Splits pairs; looks at their hashes once.
   *
   * @param pairs pairs as in {@link CleanedCorpus#kept}
   * @throws UserException if all pairs have the same prompt
   */
  Sides split(Dataset<Row> pairs) {
    Column hash = col(CleanedCorpus.PROMPT_HASH);
    Row range;
    try (JobDescription described =
        JobDescription.of(pairs.sparkSession().sparkContext(), "choose the validation prompts")) {
      range = pairs.agg(min(hash), max(hash)).first();
    }
    long smallest = range.getLong(0);
    long largest = range.getLong(1);
    if (smallest == largest) {
      throw UserException.data(
          "no validation pairs can be taken from train: all its pairs have the same prompt; add a"
              + " valid split beside train");
    }
    long bound = Math.min(Math.max((long) (validShare * PromptHash.COUNT), smallest + 1), largest);
    return new Sides(pairs.filter(hash.geq(bound)), pairs.filter(hash.lt(bound)));
  }
}
