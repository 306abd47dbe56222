package storyloom.pipeline.corpus.read;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of pairs as they were read: texts, and where they stood. */
public final class RawPairs {

  /** Why the pair cannot be used, the name of a {@link PairRule}; null if it can. */
  static final String FAULT = "fault";

  /**
   * Short name of the file; of the prompts' one where there are two, unless only the other errs.
   */
  public static final String FILE = "file";

  /** Line in the file, or row in a Parquet file, from 1 on. */
  public static final String LINE = "line";

  public static final StructType SCHEMA =
      PairColumns.SCHEMA
          .add(FAULT, DataTypes.StringType)
          .add(FILE, DataTypes.StringType)
          .add(LINE, DataTypes.LongType);

  private RawPairs() {}

  /** A row of the table, either text of which may be null. */
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
