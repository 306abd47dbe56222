package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.Unreadable;

/**
 * A table of prompts in the order in which it was written: Parquet, JSON lines, CSV or one prompt a
 * line, as the ending of the name says.
 */
public final class PromptTable {

  /** Rows that a task writes stories for, at most: what is lost with an executor is little. */
  private static final long TASK_ROWS = 4096;

  private static final String FILE = "storyloom file";
  private static final String BLOCK = "storyloom block";
  private static final String ROW = "storyloom row";
  private static final Column[] PLACE = {col(FILE), col(BLOCK), col(ROW)};

  private final String path;
  private final StructType schema;
  private final Dataset<Row> placed;
  private long rows = -1;

  private PromptTable(String path, StructType schema, Dataset<Row> placed) {
    this.path = path;
    this.schema = schema;
    this.placed = placed;
  }

  /**
   * Opens a table.
   *
   * @param path a file, a folder or a pattern; any Hadoop URI
   * @param limit how many rows to take, from the first on; all if empty
   * @throws UserException of data if there is none or it cannot be read
   */
  public static PromptTable open(SparkSession session, String path, OptionalLong limit) {
    try (JobDescription described =
        JobDescription.of(session.sparkContext(), "look into " + path)) {
      requireSomething(session, path);
      Dataset<Row> table = Format.of(path).open(session, path);
      Dataset<Row> placed =
          table.select(
              col("*"),
              col("_metadata.file_path").as(FILE),
              col("_metadata.file_block_start").as(BLOCK),
              monotonically_increasing_id().as(ROW));
      if (limit.isPresent()) {
        placed = placed.orderBy(PLACE).limit(Math.toIntExact(limit.getAsLong()));
      }
      return new PromptTable(path, table.schema(), placed);
    } catch (Exception failure) {
      throw Unreadable.explain(path, failure);
    }
  }

  private static void requireSomething(SparkSession session, String path) throws IOException {
    Path named = new Path(path);
    FileStatus[] found =
        named.getFileSystem(session.sessionState().newHadoopConf()).globStatus(named);
    if (found == null || found.length == 0) {
      throw UserException.data("there is nothing at " + path);
    }
  }

  /** The columns of the table. */
  public StructType schema() {
    return schema;
  }

  /**
   * Number of rows; they are counted when this is first asked for.
   *
   * @throws UserException of data if the table cannot be read
   */
  public long rows() {
    if (rows < 0) {
      try (JobDescription described =
          JobDescription.of(placed.sparkSession().sparkContext(), "count the prompts in " + path)) {
        rows = placed.count();
      } catch (Exception failure) {
        throw Unreadable.explain(path, failure);
      }
    }
    return rows;
  }

  /**
   * The rows in partitions that follow each other in the order of the table, so that all task slots
   * have their share of it.
   *
   * @param slots tasks that run at a time
   * @param batch rows that are worth a task
   */
  public Dataset<Row> spread(int slots, int batch) {
    long wanted = Math.max(slots, ceilingOf(rows(), TASK_ROWS));
    long partitions = Math.max(1, Math.min(wanted, ceilingOf(rows(), batch)));
    return placed
        .repartitionByRange(Math.toIntExact(partitions), PLACE)
        .sortWithinPartitions(PLACE)
        .drop(FILE, BLOCK, ROW);
  }

  private static long ceilingOf(long rows, long size) {
    return (rows + size - 1) / size;
  }

  /** How a file of prompts is written, recognised by the ending of its name. */
  private enum Format {
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

    private static final Pattern COMPRESSED =
        Pattern.compile("\\.(gz|bz2|zst|lz4|snappy|deflate)$");

    private final List<String> endings;

    Format(String... endings) {
      this.endings = List.of(endings);
    }

    /** The format of a file or folder by its name, an ending of compression left aside. */
    static Format of(String path) {
      String name = COMPRESSED.matcher(path.toLowerCase(Locale.ROOT)).replaceFirst("");
      return Arrays.stream(values())
          .filter(format -> format.endings.stream().anyMatch(name::endsWith))
          .findFirst()
          .orElse(PARQUET);
    }

    /** The table that the file holds. */
    abstract Dataset<Row> open(SparkSession session, String path);
  }
}
