package storyloom.pipeline.corpus.read;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A corpus as it was read: nothing cleaned, nothing dropped.
 *
 * @param splits the pairs of each split that is there, rows of {@link #SCHEMA}; train always is
 * @param partitions over how many partitions its text had better be spread
 */
public record RawCorpus(SortedMap<Split, Dataset<Row>> splits, int partitions) {

  /** Why the pair cannot be used, the name of a {@link PairRule}; null if it can. */
  static final String FAULT = "fault";

  /** Short name of the file; of the prompts' one if there are two, unless only the other errs. */
  public static final String FILE = "file";

  /** Line in the file, or row in a Parquet file, from 1 on. */
  public static final String LINE = "line";

  /** Prompt and story, either of which may be null, and the columns above. */
  public static final StructType SCHEMA =
      PairColumns.SCHEMA
          .add(FAULT, DataTypes.StringType)
          .add(FILE, DataTypes.StringType)
          .add(LINE, DataTypes.LongType);

  /**
   * @throws IllegalArgumentException if there is no training split
   */
  public RawCorpus {
    if (!splits.containsKey(Split.TRAIN)) {
      throw new IllegalArgumentException("a corpus needs a training split");
    }
    splits = Collections.unmodifiableSortedMap(new TreeMap<>(splits));
  }

  /** A row of a pair, either text of which may be null. */
  public static Row row(String prompt, String story, String file, long line) {
    return RowFactory.create(prompt, story, null, file, line);
  }

  /**
   * A row that cannot be used.
   *
   * @param prompt what stood there, for the report
   */
  static Row faulty(PairRule fault, String prompt, String story, String file, long line) {
    return RowFactory.create(prompt, story, fault.toString(), file, line);
  }
}
