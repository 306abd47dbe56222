package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.lit;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import storyloom.pipeline.corpus.read.CsvTable;

/**
 * What a file holds.
 *
 * @param table its rows
 * @param columns those of the table that are the file's own
 * @param file which file of several a row stands in
 * @param block which part of that
 * @param fault column that says why a row is no record, where there may be such rows
 */
record PromptSource(
    Dataset<Row> table, StructType columns, Column file, Column block, Optional<String> fault) {

  static PromptSource of(Dataset<Row> table) {
    Column metadata = table.metadataColumn("_metadata");
    return new PromptSource(
        table,
        table.schema(),
        metadata.getField("file_path"),
        metadata.getField("file_block_start"),
        Optional.empty());
  }

  /** Records of CSV, which come in the order of the files. */
  static PromptSource of(CsvTable csv) {
    return new PromptSource(csv.rows(), csv.columns(), lit(""), lit(0L), Optional.of(csv.fault()));
  }
}
