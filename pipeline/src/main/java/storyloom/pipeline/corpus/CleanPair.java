package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import org.apache.spark.sql.Row;

/**
 * What of a row of {@link CleanPairs} decides on its duplicates.
 *
 * @param train whether it is for training
 * @param origin where it stood
 * @param hash SHA-256 of the pair
 * @param prompt number of the prompt
 * @param story number of the story
 */
record CleanPair(boolean train, Origin origin, ByteBuffer hash, long prompt, long story) {

  static CleanPair of(Row row) {
    return new CleanPair(
        row.<String>getAs(CleanPairs.SPLIT).equals(Split.TRAIN.toString()),
        new Origin(row.getAs(RawPairs.FILE), row.<Long>getAs(RawPairs.LINE)),
        ByteBuffer.wrap(row.<byte[]>getAs(CleanPairs.PAIR)),
        row.<Long>getAs(CleanPairs.PROMPT_NUMBER),
        row.<Long>getAs(CleanPairs.STORY_NUMBER));
  }

  /** What examples are chosen by. */
  long rank() {
    return hash.getLong(0);
  }
}
