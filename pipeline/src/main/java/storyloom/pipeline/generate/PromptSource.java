package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.decode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;
import storyloom.pipeline.corpus.read.CsvDialect;
import storyloom.pipeline.corpus.read.CsvTable;
import storyloom.pipeline.corpus.read.DataFormat;
import storyloom.pipeline.corpus.read.JsonTable;
import storyloom.pipeline.corpus.read.ParquetTable;
import storyloom.pipeline.corpus.read.RecordTable;
import storyloom.pipeline.corpus.read.SparkTable;

/**
 * What an input holds.
 *
 * @param table its rows
 * @param columns those of the table that are the input's own
 * @param file which file of several a row stands in
 * @param block which part of that
 * @param fault column that says why a row is no record, where there may be such rows
 */
record PromptSource(
    Dataset<Row> table, StructType columns, Column file, Column block, Optional<String> fault) {

  /**
   * Opens a table.
   *
   * @param path a file, a folder or a pattern; the name of a table of the catalog
   * @param options of those of the format
   * @throws UserException of data if there is something that Spark cannot make a table of
   */
  static PromptSource open(
      SparkSession session, DataFormat format, String path, Map<String, String> options)
      throws IOException {
    return switch (format) {
      case PARQUET -> ofFiles(ParquetTable.open(session, path));
      case ORC, AVRO -> ofFiles(SparkTable.ofFiles(session, format, path));
      case TABLE -> ofRows(SparkTable.ofCatalog(session, path));
      case JSON -> of(JsonTable.open(session, path, options));
      case CSV, TSV -> of(CsvTable.open(session, path, CsvDialect.with(format, options)));
      case TEXT -> ofFiles(lines(session, path, CsvDialect.encoding(options)));
      case LINES -> throw new IllegalArgumentException("pairs are no table of prompts");
    };
  }

  private static Dataset<Row> lines(SparkSession session, String path, Charset encoding) {
    Dataset<Row> lines =
        session.read().option("lineSep", "\n").option("recursiveFileLookup", true).text(path);
    Column text =
        encoding.equals(StandardCharsets.UTF_8)
            ? col("value")
            : decode(col("value").cast(DataTypes.BinaryType), encoding.name());
    return lines.select(regexp_replace(text, "\r$", "").as("prompt"));
  }

  /** Rows whose files Spark knows. It reads the largest first. */
  private static PromptSource ofFiles(Dataset<Row> table) {
    Column metadata = table.metadataColumn("_metadata");
    return new PromptSource(
        table,
        table.schema(),
        metadata.getField("file_path"),
        metadata.getField("file_block_start"),
        Optional.empty());
  }

  /** Rows in the order in which Spark reads them. */
  private static PromptSource ofRows(Dataset<Row> table) {
    return new PromptSource(table, table.schema(), lit(""), lit(0L), Optional.empty());
  }

  /** Records, which come in the order of the files. */
  private static PromptSource of(RecordTable table) {
    return new PromptSource(
        table.rows(), table.columns(), lit(""), lit(0L), Optional.of(table.fault()));
  }
}
