package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import org.apache.spark.sql.Row;
import storyloom.pipeline.corpus.read.Origin;
import storyloom.pipeline.corpus.read.RawPairs;
import storyloom.pipeline.corpus.read.Split;

/**
 * What of a row of {@link PairCleaning} decides on its duplicates.
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
        row.<String>getAs(PairCleaning.SPLIT).equals(Split.TRAIN.toString()),
        new Origin(row.getAs(RawPairs.FILE), row.<Long>getAs(RawPairs.LINE)),
        ByteBuffer.wrap(row.<byte[]>getAs(PairCleaning.PAIR)),
        row.<Long>getAs(PairCleaning.PROMPT_NUMBER),
        row.<Long>getAs(PairCleaning.STORY_NUMBER));
  }

  /** What examples are chosen by. */
  long rank() {
    return hash.getLong(0);
  }
}
