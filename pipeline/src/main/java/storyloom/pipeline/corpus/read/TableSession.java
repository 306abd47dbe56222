package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;

/**
 * The session in which tables of users are read and written: one under whose settings each column
 * and each value comes through as it is. What users set for Spark themselves stays.
 */
public final class TableSession {

  private static final Map<String, String> SETTINGS =
      Map.of(
          // id and ID are two columns
          "spark.sql.caseSensitive", "true",
          // not INT96, which has no zone and no order, and which readers cut at nanoseconds
          "spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS",
          // days before 1582 and instants before 1900 are what the file says they are
          "spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED",
          "spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED",
          "spark.sql.parquet.int96RebaseModeInRead", "CORRECTED",
          "spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED",
          // ParquetTable makes timestamps of them
          "spark.sql.legacy.parquet.nanosAsLong", "true");

  private TableSession() {}

  /**
   * A reader of files that may lie in folders of folders: where these are not named after a column
   * and its value, which Spark knows how to read, they are looked into as well.
   */
  static DataFrameReader reader(SparkSession session, String path, List<FileStatus> files)
      throws IOException {
    boolean named =
        CorpusFiles.columnInNames(new Path(path), files, session.sessionState().newHadoopConf())
            .isPresent();
    return named ? session.read() : session.read().option("recursiveFileLookup", true);
  }

  /** A session beside this one, with its settings but for those that would change values. */
  public static SparkSession beside(SparkSession session) {
    SparkSession tables = session.cloneSession();
    SETTINGS.forEach(
        (setting, value) -> {
          if (!session.sparkContext().getConf().contains(setting)) {
            tables.conf().set(setting, value);
          }
        });
    return tables;
  }
}
