package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import storyloom.model.UserException;

/** Pairs from Parquet, whose strings may hold any bytes. */
final class ParquetPairs {

  private ParquetPairs() {}

  /**
   * @return a table as in {@link RawPairs}
   * @throws UserException if a column is missing, or holds something else than strings
   */
  static Dataset<Row> read(SparkSession session, Path path) {
    Dataset<Row> table = session.read().parquet(ExactPath.of(path).toString());
    ColumnFiles.requireColumns(List.of(table.schema().fieldNames()), path);
    requireStrings(table, PairColumns.PROMPT, path);
    requireStrings(table, PairColumns.STORY, path);
    return table
        .select(
            col(PairColumns.PROMPT).cast(DataTypes.BinaryType),
            col(PairColumns.STORY).cast(DataTypes.BinaryType),
            col("_metadata.file_path"),
            col("_metadata.row_index"))
        .map((MapFunction<Row, Row>) ParquetPairs::pair, Encoders.row(RawPairs.SCHEMA));
  }

  private static void requireStrings(Dataset<Row> table, String column, Path path) {
    DataType type = table.schema().apply(column).dataType();
    if (!type.equals(DataTypes.StringType)) {
      throw UserException.data(
          String.format(
              "column %s of %s must hold strings, not %s", column, path, type.simpleString()));
    }
  }

  private static Row pair(Row row) {
    String prompt = text(row, 0);
    String story = text(row, 1);
    String file = Place.shortName(new Path(row.getString(2)));
    long number = row.getLong(3) + 1;
    return isValid(row, 0, prompt) && isValid(row, 1, story)
        ? RawPairs.row(prompt, story, file, number)
        : RawPairs.faulty(PairRule.INVALID_UTF8, prompt, story, file, number);
  }

  private static String text(Row row, int column) {
    byte[] bytes = row.getAs(column);
    return bytes == null ? null : Utf8.decode(bytes, bytes.length);
  }

  private static boolean isValid(Row row, int column, String text) {
    byte[] bytes = row.getAs(column);
    return bytes == null || Utf8.isValid(bytes, bytes.length, text);
  }
}
