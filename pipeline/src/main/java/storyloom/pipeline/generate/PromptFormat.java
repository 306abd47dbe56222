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
import storyloom.pipeline.corpus.read.CsvTable;
import storyloom.pipeline.corpus.read.ParquetTable;

/** How a file of prompts is written, recognised by the ending of its name. */
enum PromptFormat {
  /** The format of every name without one of the other endings. */
  PARQUET(".parquet") {
    @Override
    PromptSource open(SparkSession session, String path) throws IOException {
      return PromptSource.of(ParquetTable.open(session, path));
    }
  },
  /** One JSON object a line. */
  JSON(".json", ".jsonl") {
    @Override
    PromptSource open(SparkSession session, String path) {
      return PromptSource.of(session.read().json(path));
    }
  },
  /** The first line names the columns. */
  CSV(".csv") {
    @Override
    PromptSource open(SparkSession session, String path) throws IOException {
      return PromptSource.of(CsvTable.open(session, path));
    }
  },
  /** One prompt a line: a table of the one column prompt. */
  LINES(".txt", ".wp_source") {
    @Override
    PromptSource open(SparkSession session, String path) {
      Dataset<Row> lines = session.read().option("lineSep", "\n").text(path);
      return PromptSource.of(lines.select(regexp_replace(col("value"), "\r$", "").as("prompt")));
    }
  };

  private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|lz4|snappy|deflate)$");

  private final List<String> endings;

  PromptFormat(String... endings) {
    this.endings = List.of(endings);
  }

  /** The format of a file or folder by its name, an ending of compression left aside. */
  static PromptFormat of(String path) {
    String name = COMPRESSED.matcher(path.toLowerCase(Locale.ROOT)).replaceFirst("");
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElse(PARQUET);
  }

  /** The table that the file holds. */
  abstract PromptSource open(SparkSession session, String path) throws IOException;
}
