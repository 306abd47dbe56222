package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/**
 * Reads pairs of a prompt and a story: two aligned line files (WritingPrompts layout), or a table
 * with the columns prompt and story, a file or a folder of them as Spark writes it.
 *
 * <p>Everything that would spoil a training is looked for here, before any: missing halves, unequal
 * numbers of lines, missing columns, empty files.
 */
public final class CorpusReader {

  private CorpusReader() {}

  /**
   * Reads a corpus as it stands.
   *
   * @param path the setting {@code corpus.path}: a folder, a file or a pattern; any Hadoop URI
   * @param format the setting {@code corpus.format}: auto or a {@link DataFormat}
   * @throws UserException if there is no such corpus or it cannot be used; the message names the
   *     file
   */
  public static RawCorpus read(SparkSession session, String path, String format) {
    SortedMap<Split, Dataset<Row>> splits = new TreeMap<>();
    Optional<DataFormat> wanted = DataFormat.ofCorpus(format);
    CorpusLocator locator =
        new CorpusLocator(path, wanted, session.sparkContext().hadoopConfiguration());
    List<CorpusLocator.Source> sources = locator.locate();
    for (CorpusLocator.Source source : sources) {
      splits.merge(source.split(), read(session, source), Dataset::union);
    }
    return new RawCorpus(splits, partitions(session, sources));
  }

  /**
   * Reads two aligned line files, whatever their names: line i of one is the prompt of line i of
   * the other.
   *
   * @return raw pairs, string columns prompt and story, in no particular order
   * @throws UserException if a file is missing or empty, or they differ in their numbers of lines
   */
  public static Dataset<Row> readAligned(SparkSession session, String prompts, String stories) {
    try {
      return AlignedLines.read(session, new Path(prompts), new Path(stories));
    } catch (Exception failure) {
      throw Unreadable.explain(prompts + " and " + stories, failure);
    }
  }

  /**
   * A corpus that is a table already.
   *
   * @param train pairs to learn from
   * @param valid pairs to validate by; empty to take them from train
   * @param prompt name of the column of prompts, strings in both
   * @param story name of the column of stories, strings in both
   */
  public static RawCorpus ofTable(
      Dataset<?> train, Optional<Dataset<?>> valid, String prompt, String story) {
    SortedMap<Split, Dataset<Row>> splits = new TreeMap<>();
    splits.put(Split.TRAIN, TablePairs.ofDataset(train, prompt, story));
    valid.ifPresent(pairs -> splits.put(Split.VALID, TablePairs.ofDataset(pairs, prompt, story)));
    return new RawCorpus(splits, train.sparkSession().sessionState().conf().numShufflePartitions());
  }

  private static int partitions(SparkSession session, List<CorpusLocator.Source> sources) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    List<FileStatus> files = new ArrayList<>();
    try {
      for (CorpusLocator.Source source : sources) {
        files.addAll(source.files(spark.hadoopConfiguration()));
      }
      return CorpusFiles.partitions(spark, files);
    } catch (IOException failure) {
      throw Unreadable.explain(files.toString(), failure);
    }
  }

  private static Dataset<Row> read(SparkSession session, CorpusLocator.Source source) {
    return source.format() == DataFormat.LINES
        ? readAligned(session, source.prompts().toString(), source.stories().toString())
        : readTable(session, source.format(), source.prompts());
  }

  private static Dataset<Row> readTable(SparkSession session, DataFormat format, Path path) {
    try (JobDescription described =
        JobDescription.of(session.sparkContext(), "look into " + path)) {
      Dataset<Row> pairs = openTable(session, format, path);
      if (pairs.isEmpty()) {
        throw emptyFile(path);
      }
      return pairs;
    } catch (Exception failure) {
      throw Unreadable.explain(path + " as " + format, failure);
    }
  }

  private static Dataset<Row> openTable(SparkSession session, DataFormat format, Path path)
      throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    return switch (format) {
      case PARQUET -> TablePairs.ofParquet(session, path);
      case ORC, AVRO, TABLE -> TablePairs.ofSpark(session, format, path);
      case JSON -> {
        JsonRecords files =
            JsonRecords.open(spark, nonEmpty(spark, path), StandardCharsets.UTF_8.name(), false);
        requireColumns(JsonLines.columns(files), path);
        yield table(session, JsonLines.pairs(files), files.partitions());
      }
      case CSV, TSV -> {
        CsvDialect dialect = CsvDialect.standard(format);
        LineFiles files = LineFiles.openWhole(spark, nonEmpty(spark, path), dialect.encoding());
        JavaRDD<LineFiles.Line> lines = files.lines();
        lines
            .mapPartitions(each -> List.of(CsvRecords.header(each, dialect)).iterator())
            .distinct()
            .collect()
            .stream()
            .filter(header -> !header.isEmpty())
            .forEach(header -> requireColumns(header, path));
        yield table(
            session,
            lines.mapPartitions(each -> CsvRecords.pairs(each, dialect)),
            files.partitions());
      }
      case LINES, TEXT -> throw new IllegalArgumentException(format + " has no columns");
    };
  }

  private static List<FileStatus> nonEmpty(JavaSparkContext spark, Path path) throws IOException {
    List<FileStatus> files = CorpusFiles.at(path, spark.hadoopConfiguration());
    if (files.isEmpty()) {
      throw emptyFile(path);
    }
    return files;
  }

  private static UserException emptyFile(Path path) {
    return UserException.data(path + " is empty: 0 pairs");
  }

  /** The rows as a table; spread out if a few tasks would have to do all the cleaning. */
  private static Dataset<Row> table(SparkSession session, JavaRDD<Row> rows, int partitions) {
    Dataset<Row> pairs = session.createDataFrame(rows, RawCorpus.SCHEMA);
    return rows.getNumPartitions() < partitions
        ? pairs.repartition(partitions, col(RawCorpus.FILE), col(RawCorpus.LINE))
        : pairs;
  }

  /**
   * @throws UserException if a column is missing, by its name or one that differs in case
   */
  static void requireColumns(List<String> columns, Path path) {
    for (String column : PairColumns.SCHEMA.fieldNames()) {
      if (PairColumns.index(columns, column) < 0) {
        throw UserException.data(
            String.format(
                "%s has no column %s; its columns are: %s",
                path, column, columns.isEmpty() ? "none" : String.join(", ", columns)));
      }
    }
  }
}
