package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_replace;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.pipeline.corpus.read.CsvTable;
import storyloom.pipeline.corpus.read.ParquetTable;

/** How a file of prompts is written, recognised by the ending of its name. */
enum PromptFormat {
  /** The format of every name without one of the other endings. */
  PARQUET((session, path) -> PromptSource.of(ParquetTable.open(session, path)), ".parquet"),
  /** One JSON object a line. */
  JSON((session, path) -> PromptSource.of(session.read().json(path)), ".json", ".jsonl"),
  /** The first line names the columns. */
  CSV((session, path) -> PromptSource.of(CsvTable.open(session, path)), ".csv"),
  /** One prompt a line: a table of the one column prompt. */
  LINES((session, path) -> PromptSource.of(lines(session, path)), ".txt", ".wp_source");

  private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|lz4|snappy|deflate)$");

  /** Opens a file, a folder or a pattern. */
  private interface Opener {
    PromptSource open(SparkSession session, String path) throws IOException;
  }

  private final Opener opener;
  private final List<String> endings;

  PromptFormat(Opener opener, String... endings) {
    this.opener = opener;
    this.endings = List.of(endings);
  }

  private static Dataset<Row> lines(SparkSession session, String path) {
    return session
        .read()
        .option("lineSep", "\n")
        .text(path)
        .select(regexp_replace(col("value"), "\r$", "").as("prompt"));
  }

  /** The format of a file or folder by its name, an ending of compression left aside. */
  static PromptFormat of(String path) {
    String name = COMPRESSED.matcher(path.toLowerCase(Locale.ROOT)).replaceFirst("");
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElse(PARQUET);
  }

  /**
   * The table that the file holds.
   *
   * @throws UserException of data if there is something that Spark cannot make a table of
   */
  PromptSource open(SparkSession session, String path) throws IOException {
    return opener.open(session, path);
  }
}
