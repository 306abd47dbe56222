package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import storyloom.model.UserException;

/** Pairs from tables whose columns have types, and whose strings may hold any bytes. */
final class TablePairs {

  /** Spark counts the rows of each partition from a multiple of this on. */
  private static final long PARTITION = 1L << 33;

  private TablePairs() {}

  /**
   * Pairs of Parquet files, of which no other column is looked at.
   *
   * @return a table as in {@link RawCorpus}
   * @throws UserException of data if a column is missing, or holds something else than strings
   */
  static Dataset<Row> ofParquet(SparkSession session, Path path) throws IOException {
    Dataset<Row> table =
        ParquetTable.texts(
            TableSession.beside(session),
            CorpusFiles.exactly(path).toString(),
            List.of(PairColumns.SCHEMA.fieldNames()));
    Column file = table.metadataColumn("_metadata");
    return pairs(session, table, file.getField("file_path"), file.getField("row_index"), path);
  }

  /**
   * Pairs of ORC or Avro files, or of a table of the catalog. Their places are the table and the
   * row of those that a task read.
   *
   * @return a table as in {@link RawCorpus}
   * @throws UserException of data if a column is missing, or holds something else than strings
   */
  static Dataset<Row> ofSpark(SparkSession session, DataFormat format, Path path)
      throws IOException {
    SparkSession beside = TableSession.beside(session);
    Dataset<Row> table =
        format == DataFormat.TABLE
            ? SparkTable.ofCatalog(beside, path.toString())
            : SparkTable.ofFiles(beside, format, CorpusFiles.exactly(path).toString());
    return pairs(session, table, lit(path.toString()), rowOfTask(), path);
  }

  /**
   * Pairs of a table that somebody else has opened. Their places are the rows of those that a task
   * read.
   *
   * @param prompt name of a column of strings
   * @param story name of a column of strings
   * @return a table as in {@link RawCorpus}
   */
  static Dataset<Row> ofDataset(Dataset<?> table, String prompt, String story) {
    return table
        .select(
            col(quoted(prompt)).cast(DataTypes.BinaryType),
            col(quoted(story)).cast(DataTypes.BinaryType),
            lit("the table"),
            rowOfTask())
        .map((MapFunction<Row, Row>) TablePairs::pair, Encoders.row(RawCorpus.SCHEMA));
  }

  private static Column rowOfTask() {
    return monotonically_increasing_id().mod(lit(PARTITION));
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  private static Dataset<Row> pairs(
      SparkSession session, Dataset<Row> table, Column file, Column row, Path path) {
    CorpusReader.requireColumns(List.of(table.schema().fieldNames()), path);
    Dataset<Row> pairs =
        table
            .select(
                text(table, PairColumns.PROMPT, path),
                text(table, PairColumns.STORY, path),
                file,
                row)
            .map((MapFunction<Row, Row>) TablePairs::pair, Encoders.row(RawCorpus.SCHEMA));
    return session.createDataFrame(pairs.javaRDD(), RawCorpus.SCHEMA);
  }

  /** The column of that name, or those whose names differ in case, as bytes. */
  private static Column text(Dataset<Row> table, String column, Path path) {
    List<String> names = List.of(table.schema().fieldNames());
    StructField first = table.schema().fields()[PairColumns.index(names, column)];
    if (!first.dataType().equals(DataTypes.StringType)) {
      throw UserException.data(
          String.format(
              "column %s of %s must hold strings, not %s",
              first.name(), path, first.dataType().simpleString()));
    }
    return coalesce(
        Arrays.stream(table.schema().fields())
            .filter(field -> field.name().equalsIgnoreCase(column))
            .filter(field -> field.dataType().equals(DataTypes.StringType))
            .sorted((one, other) -> Boolean.compare(other == first, one == first))
            .map(field -> col("`" + field.name() + "`").cast(DataTypes.BinaryType))
            .toArray(Column[]::new));
  }

  private static Row pair(Row row) {
    LineFiles.Utf8 prompt = decoded(row.getAs(0));
    LineFiles.Utf8 story = decoded(row.getAs(1));
    String file = CorpusFiles.shortName(new Path(row.getString(2)));
    long number = row.getLong(3) + 1;
    return prompt.valid() && story.valid()
        ? RawCorpus.row(prompt.text(), story.text(), file, number)
        : RawCorpus.faulty(PairRule.INVALID_UTF8, prompt.text(), story.text(), file, number);
  }

  private static LineFiles.Utf8 decoded(byte[] bytes) {
    return bytes == null ? new LineFiles.Utf8(null, true) : LineFiles.Utf8.of(bytes, bytes.length);
  }
}
