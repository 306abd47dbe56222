package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.DataFormat;
import storyloom.pipeline.corpus.read.FormatGuess;
import storyloom.pipeline.corpus.read.RecordTable;
import storyloom.pipeline.corpus.read.TableSession;
import storyloom.pipeline.corpus.read.Unreadable;

/**
 * A table of prompts in the order in which it was written, of any {@link DataFormat} for prompts.
 */
public final class PromptTable {

  /**
   * Rows that a task writes stories for, more or less: what is lost with an executor is little, and
   * so is the time for which slots wait for the last task.
   */
  private static final long TASK_ROWS = 1024;

  private final String path;
  private final FormatGuess guess;
  private final PromptSource source;
  private final Dataset<Row> placed;

  /** Names, which no column has, of the columns that say where a row stands. */
  private final List<String> place;

  private long rows = -1;

  private PromptTable(
      String path,
      FormatGuess guess,
      PromptSource source,
      Dataset<Row> placed,
      List<String> place) {
    this.path = path;
    this.guess = guess;
    this.source = source;
    this.placed = placed;
    this.place = place;
  }

  /**
   * Opens a table.
   *
   * @param limit how many rows to take, from the first on; all if empty
   * @throws UserException of data if there is none or it cannot be read, of usage if an option does
   *     not belong to its format
   */
  public static PromptTable open(SparkSession session, PromptInput input, OptionalLong limit) {
    String path = input.path();
    try (JobDescription described =
        JobDescription.of(session.sparkContext(), "look into " + path)) {
      FormatGuess guess = guess(session, input);
      input.requireOptionsOf(guess.format());
      PromptSource source = open(TableSession.beside(session), guess, input);
      List<String> place = unusedNames(source.table(), "file", "block", "row");
      Dataset<Row> placed =
          source
              .table()
              .select(
                  col("*"),
                  source.file().as(place.get(0)),
                  source.block().as(place.get(1)),
                  monotonically_increasing_id().as(place.get(2)));
      if (limit.isPresent()) {
        placed = placed.orderBy(columns(place)).limit(Math.toIntExact(limit.getAsLong()));
      }
      return new PromptTable(path, guess, source, placed, place);
    } catch (Exception failure) {
      throw Unreadable.explain(path, failure);
    }
  }

  private static FormatGuess guess(SparkSession session, PromptInput input) throws IOException {
    if (input.isTable()) {
      return new FormatGuess(DataFormat.TABLE, "--format says so");
    }
    Configuration configuration = session.sessionState().newHadoopConf();
    requireSomething(configuration, input.path());
    return FormatGuess.of(input.path(), input.format(), configuration);
  }

  private static PromptSource open(SparkSession session, FormatGuess guess, PromptInput input)
      throws IOException {
    try {
      return PromptSource.open(session, guess.format(), input.path(), input.options());
    } catch (UserException explained) {
      throw explained;
    } catch (RuntimeException failure) {
      throw Unreadable.explain(
          "%s, taken for %s because %s".formatted(input.path(), guess.format(), guess.reason()),
          failure);
    }
  }

  private static List<String> unusedNames(Dataset<Row> table, String... names) {
    Set<String> used = Set.of(table.columns());
    return Arrays.stream(names).map(name -> RecordTable.unused("storyloom " + name, used)).toList();
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(PromptTable::named).toArray(Column[]::new);
  }

  private static void requireSomething(Configuration configuration, String path)
      throws IOException {
    Path named = new Path(path);
    FileStatus[] found = HadoopFiles.shared(named, configuration).globStatus(named);
    if (found == null || found.length == 0) {
      throw UserException.data(
          "there is nothing at %s; a table of Spark's catalog needs --format table"
              .formatted(path));
    }
  }

  /** What the input is read as and why, in a line. */
  public String guess() {
    return guess.sentence(path);
  }

  /** The columns of the table. */
  public StructType schema() {
    return source.columns();
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
   * The rows in partitions that follow each other in the order of the table, as many for each task
   * slot, so that all have their share of it. Behind the table's columns there may be one more, for
   * {@link #explained}.
   *
   * @param slots tasks that run at a time
   * @param batch rows that are worth a task
   */
  public Dataset<Row> spread(int slots, int batch) {
    long wanted = slots * Math.max(1, ceilingOf(rows(), slots * TASK_ROWS));
    long partitions = Math.max(1, Math.min(wanted, ceilingOf(rows(), batch)));
    return placed
        .repartitionByRange(Math.toIntExact(partitions), columns(place))
        .sortWithinPartitions(columns(place))
        .drop(place.toArray(String[]::new));
  }

  /**
   * The stories of {@link #spread} rows without the column that was added to those; rows that were
   * no records say why.
   *
   * @param error name of the column that says why a prompt was rejected
   */
  public Dataset<Row> explained(Dataset<Row> stories, String error) {
    return source.fault().isEmpty()
        ? stories
        : stories
            .withColumn(error, coalesce(named(source.fault().get()), named(error)))
            .drop(source.fault().get());
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  private static long ceilingOf(long rows, long size) {
    return (rows + size - 1) / size;
  }
}
