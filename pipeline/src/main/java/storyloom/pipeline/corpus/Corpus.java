package storyloom.pipeline.corpus;

import java.io.Serializable;
import java.math.BigInteger;
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

  private final CleanedCorpus clean;
  private final SortedMap<Split, Dataset<Row>> splits;
  private final SortedMap<Split, ContentHash> contents = new TreeMap<>();

  /**
   * What a table of pairs holds, in short; equal for equal content in whatever order and
   * partitions.
   *
   * @param pairs how many pairs
   * @param sum the sum of their SHA-256 digests modulo 2²⁵⁶
   */
  private record ContentHash(long pairs, BigInteger sum) implements Serializable {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);
    private static final ContentHash NOTHING = new ContentHash(0, BigInteger.ZERO);

    /** Adds up the digests of a table of {@link CleanedCorpus} on the executors. */
    static ContentHash of(Dataset<Row> pairs) {
      return pairs
          .select(CleanedCorpus.PAIR_HASH)
          .javaRDD()
          .map(row -> new ContentHash(1, new BigInteger(1, row.<byte[]>getAs(0))))
          .fold(NOTHING, ContentHash::plus);
    }

    private ContentHash plus(ContentHash other) {
      return new ContentHash(pairs + other.pairs, sum.add(other.sum).mod(MODULUS));
    }

    /** Both numbers as text, the sum in hexadecimal. */
    @Override
    public String toString() {
      return pairs + " " + sum.toString(16);
    }
  }

  private Corpus(CleanedCorpus clean, SortedMap<Split, Dataset<Row>> splits) {
    this.clean = clean;
    this.splits = splits;
    splits.forEach((split, pairs) -> contents.put(split, contentHash(split, pairs)));
  }

  private static ContentHash contentHash(Split split, Dataset<Row> pairs) {
    try (JobDescription described =
        JobDescription.of(
            pairs.sparkSession().sparkContext(), "count and hash the pairs of " + split)) {
      return ContentHash.of(pairs);
    }
  }

  /**
   * Reads and prepares a corpus.
   *
   * @param whenCleaned is given the report, also if nothing is left
   * @throws UserException if the corpus is missing or cannot be used, or nothing is left of a split
   *     after cleaning; the message names the file or has the counts
   */
  public static Corpus prepare(
      SparkSession session, CorpusSettings settings, Consumer<CleaningReport> whenCleaned) {
    try {
      RawCorpus raw = CorpusReader.read(session, settings.path(), settings.format());
      return prepare(raw, settings, whenCleaned);
    } catch (Exception failure) {
      throw Unreadable.explain("the corpus at " + settings.path(), failure);
    }
  }

  /**
   * Prepares a corpus that is read already.
   *
   * @param settings of which path and format say nothing here
   * @param whenCleaned is given the report, also if nothing is left
   * @throws UserException if nothing is left of a split after cleaning
   */
  public static Corpus prepare(
      RawCorpus raw, CorpusSettings settings, Consumer<CleaningReport> whenCleaned) {
    CleanedCorpus clean = new CorpusCleaner(settings).clean(raw);
    try {
      whenCleaned.accept(clean.report());
      clean.report().splits().forEach(Corpus::requireSome);
      return new Corpus(clean, split(clean, new Splitter(settings.validShare())));
    } catch (Exception failure) {
      clean.close();
      throw failure;
    }
  }

  private static void requireSome(CleaningReport.SplitCounts split) {
    if (split.kept() == 0) {
      throw UserException.data(
          "nothing is left of the %s split after cleaning: %s".formatted(split.split(), split));
    }
  }

  private static SortedMap<Split, Dataset<Row>> split(CleanedCorpus clean, Splitter splitter) {
    SortedMap<Split, Dataset<Row>> splits = new TreeMap<>();
    for (Split split : Split.values()) {
      clean.kept(split).ifPresent(pairs -> splits.put(split, pairs));
    }
    if (!splits.containsKey(Split.VALID)) {
      Splitter.Sides sides = splitter.split(splits.get(Split.TRAIN));
      splits.put(Split.TRAIN, sides.train());
      splits.put(Split.VALID, sides.valid());
    }
    return splits;
  }

  /** The pairs to learn from; never empty. */
  public Dataset<Row> train() {
    return texts(splits.get(Split.TRAIN));
  }

  /** The pairs to validate each epoch by; never empty. */
  public Dataset<Row> valid() {
    return texts(splits.get(Split.VALID));
  }

  /** The pairs kept for the end, if the corpus has any. */
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

  /** What cleaning did. If valid was taken from train, train's counts cover both. */
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
