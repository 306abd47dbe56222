package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** How a file of prompts is written, told by the ending of its name. */
enum PromptFormat {
  /** The format of every name without one of the other endings. */
  PARQUET(".parquet") {
    @Override
    Dataset<Row> open(SparkSession session, String path) {
      return session.read().parquet(path);
    }
  },
  /** One JSON object a line. */
  JSON(".json", ".jsonl") {
    @Override
    Dataset<Row> open(SparkSession session, String path) {
      return session.read().json(path);
    }
  },
  /** The first line names the columns. */
  CSV(".csv") {
    @Override
    Dataset<Row> open(SparkSession session, String path) {
      return session
          .read()
          .option("header", true)
          .option("multiLine", true)
          .option("escape", "\"")
          .csv(path);
    }
  },
  /** One prompt a line: a table of the one column prompt. */
  LINES(".txt", ".wp_source") {
    @Override
    Dataset<Row> open(SparkSession session, String path) {
      return session
          .read()
          .option("lineSep", "\n")
          .text(path)
          .select(functions.regexp_replace(functions.col("value"), "\r$", "").as("prompt"));
    }
  };

  private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|lz4|snappy|deflate)$");

  private final List<String> endings;

  PromptFormat(String... endings) {
    this.endings = List.of(endings);
  }

  /** The format of a file or folder by its name, what tells of compression left aside. */
  static PromptFormat of(String path) {
    String name = COMPRESSED.matcher(path.toLowerCase(Locale.ROOT)).replaceFirst("");
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElse(PARQUET);
  }

  /** The table that the file holds. */
  abstract Dataset<Row> open(SparkSession session, String path);
}
