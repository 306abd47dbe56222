package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.col;

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

/** Pairs from Parquet, whose strings may hold any bytes. */
final class ParquetPairs {

  private ParquetPairs() {}

  /**
   * @return a table as in {@link RawCorpus}
   * @throws UserException if a column is missing, or holds something else than strings
   */
  static Dataset<Row> read(SparkSession session, Path path) {
    Dataset<Row> table =
        TableSession.beside(session).read().parquet(CorpusFiles.exactly(path).toString());
    CorpusReader.requireColumns(List.of(table.schema().fieldNames()), path);
    Column file = table.metadataColumn("_metadata");
    Dataset<Row> pairs =
        table
            .select(
                text(table, PairColumns.PROMPT, path),
                text(table, PairColumns.STORY, path),
                file.getField("file_path"),
                file.getField("row_index"))
            .map((MapFunction<Row, Row>) ParquetPairs::pair, Encoders.row(RawCorpus.SCHEMA));
    return session.createDataFrame(pairs.javaRDD(), RawCorpus.SCHEMA);
  }

  private static Column text(Dataset<Row> table, String column, Path path) {
    List<String> names = List.of(table.schema().fieldNames());
    StructField field = table.schema().fields()[PairColumns.index(names, column)];
    if (!field.dataType().equals(DataTypes.StringType)) {
      throw UserException.data(
          String.format(
              "column %s of %s must hold strings, not %s",
              field.name(), path, field.dataType().simpleString()));
    }
    return col("`" + field.name() + "`").cast(DataTypes.BinaryType);
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
