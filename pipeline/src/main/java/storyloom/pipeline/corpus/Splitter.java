package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.udf;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/**
 * Takes validation pairs out of the training pairs by a hash of the prompt, so that equal prompts
 * never stand on both sides.
 *
 * <p>The rule, which must never change lest yesterday's validation pairs be trained on tomorrow:
 * the cleaned prompt, lower-cased in the root locale, every run of white space made one space, none
 * at the ends; SHA-256 of its UTF-8; the first eight bytes, big-endian, without the lowest bit, are
 * a number below 2⁶³. Prompts with a number below share · 2⁶³ are for validation. The prompt with
 * the smallest number always is, and the one with the largest never, so that neither side is empty.
 */
public final class Splitter {

  private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}]+");
  private static final double NUMBERS = 0x1p63;

  private final double validShare;

  /**
   * Both sides of a split.
   *
   * @param train pairs to learn from
   * @param valid pairs to judge by
   */
  public record Parts(Dataset<Row> train, Dataset<Row> valid) {}

  /**
   * @param validShare the setting {@code corpus.valid-share}: the share of prompts to take, above 0
   *     and below 1
   */
  public Splitter(double validShare) {
    if (!(validShare > 0 && validShare < 1)) {
      throw UserException.usage(
          "corpus.valid-share must be above 0 and below 1, not " + validShare);
    }
    this.validShare = validShare;
  }

  /**
   * Splits pairs; reads them once to see the prompts' numbers.
   *
   * @param pairs cleaned pairs, string columns prompt and story
   * @throws UserException if all pairs have the same prompt
   */
  public Parts split(Dataset<Row> pairs) {
    Column number =
        udf((UDF1<String, Long>) Splitter::number, DataTypes.LongType)
            .apply(col(PairColumns.PROMPT));
    Row range;
    try (JobDescription described =
        JobDescription.of(pairs.sparkSession().sparkContext(), "choose the validation prompts")) {
      range = pairs.agg(min(number), max(number)).first();
    }
    long smallest = range.getLong(0);
    long largest = range.getLong(1);
    if (smallest == largest) {
      throw UserException.data(
          "no validation pairs can be taken from train: all its pairs have the same prompt; add a"
              + " valid split beside train");
    }
    long bound = Math.min(Math.max((long) (validShare * NUMBERS), smallest + 1), largest);
    return new Parts(pairs.filter(number.geq(bound)), pairs.filter(number.lt(bound)));
  }

  /** A prompt's number: from 0 to 2⁶³ - 1, the same for prompts that differ in case or spacing. */
  static long number(String prompt) {
    return ByteBuffer.wrap(Digests.of(normalised(prompt))).getLong() >>> 1;
  }

  private static String normalised(String prompt) {
    return WHITE_SPACE.matcher(prompt).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }
}
