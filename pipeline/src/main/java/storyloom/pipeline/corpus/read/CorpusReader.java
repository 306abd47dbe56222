package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;

/**
 * Reads pairs of a prompt and a story: two aligned line files (WritingPrompts layout), or Parquet,
 * JSON lines or CSV with the columns prompt and story.
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
   * @param format the setting {@code corpus.format}: auto, lines, parquet, json or csv
   * @throws UserException if there is no such corpus or it cannot be used; the message names the
   *     file
   */
  public static RawCorpus read(SparkSession session, String path, String format) {
    SortedMap<Split, Dataset<Row>> splits = new TreeMap<>();
    Optional<CorpusFormat> wanted = CorpusFormat.of(format);
    CorpusLocator locator =
        new CorpusLocator(path, wanted, session.sparkContext().hadoopConfiguration());
    List<PairSource> sources = locator.locate();
    for (PairSource source : sources) {
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

  private static int partitions(SparkSession session, List<PairSource> sources) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    List<FileStatus> files = new ArrayList<>();
    try {
      for (PairSource source : sources) {
        files.addAll(CorpusFiles.at(source.prompts(), spark.hadoopConfiguration()));
        if (!source.stories().equals(source.prompts())) {
          files.addAll(CorpusFiles.at(source.stories(), spark.hadoopConfiguration()));
        }
      }
      return Partitions.of(spark, files);
    } catch (IOException failure) {
      throw Unreadable.explain(files.toString(), failure);
    }
  }

  private static Dataset<Row> read(SparkSession session, PairSource source) {
    return source.format() == CorpusFormat.LINES
        ? readAligned(session, source.prompts().toString(), source.stories().toString())
        : ColumnFiles.read(session, source.format(), source.prompts());
  }
}
