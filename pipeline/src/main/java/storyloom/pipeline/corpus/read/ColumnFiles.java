package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/**
 * Pairs from Parquet, JSON lines or CSV with the columns prompt and story: a file, or a folder of
 * them, as Spark writes it.
 */
final class ColumnFiles {

  private ColumnFiles() {}

  /**
   * @return a table as in {@link RawPairs}
   * @throws UserException if a file cannot be read, lacks a column, or all are empty
   */
  static Dataset<Row> read(SparkSession session, CorpusFormat format, Path path) {
    try (JobDescription described =
        JobDescription.of(session.sparkContext(), "look into " + path)) {
      Dataset<Row> pairs = open(session, format, path);
      if (pairs.isEmpty()) {
        throw UserException.data(path + " is empty: 0 pairs");
      }
      return pairs;
    } catch (Exception failure) {
      throw Unreadable.explain(path + " as " + format, failure);
    }
  }

  private static Dataset<Row> open(SparkSession session, CorpusFormat format, Path path)
      throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    return switch (format) {
      case PARQUET -> ParquetPairs.read(session, path);
      case JSON -> {
        LineFiles files = LineFiles.open(spark, files(spark, path));
        requireColumns(JsonLines.columns(files), path);
        yield table(session, JsonLines.pairs(files), files.partitions());
      }
      case CSV -> {
        LineFiles files = LineFiles.openWhole(spark, files(spark, path));
        JavaRDD<TextLine> lines = files.lines();
        lines
            .mapPartitions(each -> List.of(CsvRecords.header(each)).iterator())
            .distinct()
            .collect()
            .stream()
            .filter(header -> !header.isEmpty())
            .forEach(header -> requireColumns(header, path));
        yield table(session, lines.mapPartitions(CsvRecords::new), files.partitions());
      }
      case LINES -> throw new IllegalArgumentException("aligned lines have no columns");
    };
  }

  private static List<FileStatus> files(JavaSparkContext spark, Path path) throws IOException {
    List<FileStatus> files = CorpusFiles.at(path, spark.hadoopConfiguration());
    if (files.isEmpty()) {
      throw UserException.data(path + " is empty: 0 pairs");
    }
    return files;
  }

  /** The rows as a table; spread out where a few tasks would have to do all the cleaning. */
  private static Dataset<Row> table(SparkSession session, JavaRDD<Row> rows, int partitions) {
    Dataset<Row> pairs = session.createDataFrame(rows, RawPairs.SCHEMA);
    return rows.getNumPartitions() < partitions
        ? pairs.repartition(partitions, col(RawPairs.FILE), col(RawPairs.LINE))
        : pairs;
  }

  /**
   * @throws UserException if a column is missing
   */
  static void requireColumns(List<String> columns, Path path) {
    for (String column : Arrays.asList(PairColumns.PROMPT, PairColumns.STORY)) {
      if (!columns.contains(column)) {
        throw UserException.data(
            String.format(
                "%s has no column %s; its columns are: %s",
                path, column, columns.isEmpty() ? "none" : String.join(", ", columns)));
      }
    }
  }
}
