package storyloom.pipeline.corpus;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.read.Unreadable;
import storyloom.pipeline.corpus.report.CleaningReport;

/**
 * A corpus that is ready for tokens: read, cleaned, without duplicates, split. Every table has the
 * string columns prompt and story. The executors keep the pairs until the corpus is closed.
 */
public final class Corpus implements AutoCloseable {

  private final CachedPairs clean;
  private final SortedMap<Split, Dataset<Row>> splits;
  private final SortedMap<Split, ContentHash> contents = new TreeMap<>();

  private Corpus(CachedPairs clean, SortedMap<Split, Dataset<Row>> splits) {
    this.clean = clean;
    this.splits = splits;
    splits.forEach((split, pairs) -> contents.put(split, hash(split, pairs)));
  }

  private static ContentHash hash(Split split, Dataset<Row> pairs) {
    try (JobDescription described =
        JobDescription.of(
            pairs.sparkSession().sparkContext(), "count and hash the pairs of " + split)) {
      return ContentHash.of(pairs);
    }
  }

  /**
   * Reads and prepares a corpus.
   *
   * @param whenCleaned is told what cleaning did, also where nothing is left
   * @throws UserException if the corpus is missing or cannot be used, or nothing is left of a split
   *     after cleaning; the message names the file or has the counts
   */
  public static Corpus prepare(
      SparkSession session, CorpusSettings settings, Consumer<CleaningReport> whenCleaned) {
    try {
      RawCorpus raw = CorpusReader.read(session, settings.path(), settings.format());
      CachedPairs clean = new CorpusCleaner(settings).clean(raw);
      try {
        whenCleaned.accept(clean.report());
        clean.report().splits().forEach(Corpus::requireSome);
        return new Corpus(clean, split(clean, new Splitter(settings.validShare())));
      } catch (Exception failure) {
        clean.close();
        throw failure;
      }
    } catch (Exception failure) {
      throw Unreadable.explain("the corpus at " + settings.path(), failure);
    }
  }

  private static void requireSome(CleaningReport.SplitCounts split) {
    if (split.kept() == 0) {
      throw UserException.data(
          "nothing is left of the %s split after cleaning: %s".formatted(split.split(), split));
    }
  }

  private static SortedMap<Split, Dataset<Row>> split(CachedPairs clean, Splitter splitter) {
    SortedMap<Split, Dataset<Row>> splits = new TreeMap<>();
    for (Split split : Split.values()) {
      clean.pairs(split).ifPresent(pairs -> splits.put(split, pairs));
    }
    if (!splits.containsKey(Split.VALID)) {
      Splitter.Parts parts = splitter.split(splits.get(Split.TRAIN));
      splits.put(Split.TRAIN, parts.train());
      splits.put(Split.VALID, parts.valid());
    }
    return splits;
  }

  /** The pairs to learn from; never empty. */
  public Dataset<Row> train() {
    return texts(splits.get(Split.TRAIN));
  }

  /** The pairs to judge an epoch by; never empty. */
  public Dataset<Row> valid() {
    return texts(splits.get(Split.VALID));
  }

  /** The pairs kept for the end, where the corpus has any. */
  public Optional<Dataset<Row>> test() {
    return Optional.ofNullable(splits.get(Split.TEST)).map(Corpus::texts);
  }

  private static Dataset<Row> texts(Dataset<Row> pairs) {
    return pairs.select(PairColumns.PROMPT, PairColumns.STORY);
  }

  /** Number of pairs in each split. */
  public SortedMap<Split, Long> pairs() {
    TreeMap<Split, Long> pairs = new TreeMap<>();
    contents.forEach((split, content) -> pairs.put(split, content.pairs()));
    return Collections.unmodifiableSortedMap(pairs);
  }

  /** What cleaning did. Where valid was taken from train, train's counts cover both. */
  public CleaningReport report() {
    return clean.report();
  }

  /**
   * SHA-256, in hexadecimal, of what training sees: the cleaned pairs of each split, in whatever
   * files, order and partitions they came.
   */
  public String hash() {
    String all =
        contents.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining("\n"));
    return Sha256.hex(all);
  }

  /** Lets the executors forget the pairs; the tables must not be used after this. */
  @Override
  public void close() {
    clean.close();
  }
}
