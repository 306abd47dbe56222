package storyloom.pipeline.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.sketch.BloomFilter;
import storyloom.model.UserException;
import storyloom.model.eval.Share;
import storyloom.model.eval.StoryStatistics;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * All eight words in a row that stand in the stories of a training split, so that quotations are
 * known as such. They are kept in a Bloom filter of bounded size: what stands there is always
 * found; what does not is taken to stand there once in a thousand times where the split has up to
 * 16 million of them, and more often beyond.
 */
public final class TrainingNgrams {

  /** Words in a row: people who write of the same things share fewer. */
  private static final int WORDS = 8;

  private static final int BITS_FOR_EACH = 16;
  private static final long MOST_BITS = 1L << 28;

  /** Parts that make a filter each, which come to the driver one by one. */
  private static final int MOST_PARTS = 16;

  private static final String FILE = "story-8grams.bloom";
  private static final String JOIN = " ";

  private final BloomFilter filter;

  private TrainingNgrams(BloomFilter filter) {
    this.filter = filter;
  }

  /**
   * Those of a split.
   *
   * @param pairs cleaned, with a string column story
   * @param tokens of all its stories, as many words as they can have
   */
  public static TrainingNgrams of(Dataset<Row> pairs, long tokens) {
    long expected = Math.max(1, tokens);
    long bits = Math.min(MOST_BITS, Math.max(Long.SIZE, expected * BITS_FOR_EACH));
    try (JobDescription described =
        JobDescription.of(
            pairs.sparkSession().sparkContext(), "keep what quotations are known by")) {
      return new TrainingNgrams(
          pairs
              .select(PairColumns.STORY)
              .as(Encoders.STRING())
              .flatMap(
                  (FlatMapFunction<String, String>) story -> ngrams(story).iterator(),
                  Encoders.STRING())
              .coalesce(MOST_PARTS)
              .stat()
              .bloomFilter("value", expected, bits));
    }
  }

  private static Stream<String> ngrams(String story) {
    List<String> words = StoryStatistics.words(story);
    return IntStream.rangeClosed(0, words.size() - WORDS)
        .mapToObj(start -> String.join(JOIN, words.subList(start, start + WORDS)));
  }

  /** Adds them to a folder. */
  public void write(ChecksummedDirectory.Writer folder) {
    folder.write(FILE, filter::writeTo);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @return empty if the folder has none, as those of earlier versions
   * @throws UserException of data if the folder is damaged
   */
  public static Optional<TrainingNgrams> read(Path folder, Configuration configuration) {
    ChecksummedDirectory files = ChecksummedDirectory.open(folder, configuration);
    if (!files.lists(FILE)) {
      return Optional.empty();
    }
    files.verify(FILE);
    return Optional.of(
        new TrainingNgrams(files.read(FILE, (in, length, file) -> BloomFilter.readFrom(in))));
  }

  /**
   * What some stories quote.
   *
   * @param eightGrams of their eight words in a row those that stand in the training split
   * @param longest most words in a row of a story that do, in lower case, without punctuation;
   *     empty if there are none
   */
  public record Quotations(Share eightGrams, String longest) {

    /** Share of the eight words in a row; NaN if no story has eight words. */
    public double share() {
      return eightGrams.value();
    }

    /** How many words the longest has. */
    public int words() {
      return StoryStatistics.words(longest).size();
    }
  }

  /** What some stories quote from the split. */
  public Quotations in(List<String> stories) {
    long all = 0;
    long quoted = 0;
    List<String> longest = List.of();
    for (String story : stories) {
      List<String> words = StoryStatistics.words(story);
      List<String> ngrams = ngrams(story).toList();
      int start = 0;
      for (int at = 0; at < ngrams.size(); at++) {
        if (filter.mightContainString(ngrams.get(at))) {
          quoted++;
          if (at + WORDS - start > longest.size()) {
            longest = words.subList(start, at + WORDS);
          }
        } else {
          start = at + 1;
        }
      }
      all += ngrams.size();
    }
    return new Quotations(new Share(quoted, all), String.join(JOIN, longest));
  }
}
