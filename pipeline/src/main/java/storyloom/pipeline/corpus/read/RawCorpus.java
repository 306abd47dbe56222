package storyloom.pipeline.corpus.read;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A corpus as it was read: nothing cleaned, nothing dropped.
 *
 * @param splits the pairs of each split that is there, as in {@link RawPairs}; train always is
 * @param partitions over how many partitions its text had better be spread
 */
public record RawCorpus(SortedMap<Split, Dataset<Row>> splits, int partitions) {

  /**
   * @throws IllegalArgumentException if there is no training split
   */
  public RawCorpus {
    if (!splits.containsKey(Split.TRAIN)) {
      throw new IllegalArgumentException("a corpus needs a training split");
    }
    splits = Collections.unmodifiableSortedMap(new TreeMap<>(splits));
  }
}
