package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/** Pairs from a Parquet, JSON lines or CSV file with the columns prompt and story. */
final class ColumnFile {

  private ColumnFile() {}

  /**
   * @throws UserException if the file cannot be read, lacks a column, or is empty
   */
  static Dataset<Row> read(SparkSession session, CorpusFormat format, Path path) {
    try (JobDescription described =
        JobDescription.of(session.sparkContext(), "look into " + path)) {
      Dataset<Row> table = open(session, format, ExactPath.of(path).toString());
      checkColumns(table.schema(), path);
      Dataset<Row> pairs = table.select(col(PairColumns.PROMPT), col(PairColumns.STORY));
      if (pairs.isEmpty()) {
        throw UserException.data(path + " is empty: 0 pairs");
      }
      return pairs;
    } catch (Exception failure) {
      throw Unreadable.explain(path + " as " + format, failure);
    }
  }

  private static Dataset<Row> open(SparkSession session, CorpusFormat format, String path) {
    return switch (format) {
      case PARQUET -> session.read().parquet(path);
      case JSON -> session.read().option("primitivesAsString", true).json(path);
      case CSV ->
          session
              .read()
              .option("header", true)
              .option("multiLine", true)
              .option("escape", "\"")
              .csv(path);
      case LINES -> throw new IllegalArgumentException("aligned lines have no columns");
    };
  }

  private static void checkColumns(StructType schema, Path path) {
    for (String column : List.of(PairColumns.PROMPT, PairColumns.STORY)) {
      if (!Arrays.asList(schema.fieldNames()).contains(column)) {
        throw UserException.data(
            String.format(
                "%s has no column %s; its columns are: %s",
                path, column, String.join(", ", schema.fieldNames())));
      }
      DataType type = schema.apply(column).dataType();
      if (!type.equals(DataTypes.StringType)) {
        throw UserException.data(
            String.format(
                "column %s of %s must hold strings, not %s", column, path, type.simpleString()));
      }
    }
  }
}
