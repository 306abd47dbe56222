package storyloom.pipeline.vocabulary;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.text.token.BpeLearner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * Counts the tokens of the training split across the cluster. Rare tokens are dropped and the
 * others sorted on the executors, so that the driver never holds more than what becomes the
 * vocabulary or, with byte-pair encoding, the {@link BpeLearner#MOST_WORDS} words that it is
 * learned from.
 */
public final class VocabularyBuilder {

  private VocabularyBuilder() {}

  /**
   * The vocabulary of prompts and stories; the same for the same pairs in whatever order and
   * partitions.
   *
   * @param train cleaned pairs, string columns prompt and story; whole stories count, also what is
   *     beyond {@code text.max-story-tokens}
   * @param settings how text becomes tokens
   * @param minCount the setting {@code text.min-count}
   * @param limit the setting {@code text.vocabulary}: the greatest size, special tokens included
   */
  public static Vocabulary build(
      Dataset<Row> train, TextSettings settings, int minCount, int limit) {
    try (JobDescription described =
        JobDescription.of(train.sparkSession().sparkContext(), "count the tokens")) {
      JavaRDD<TokenCount> frequent =
          train
              .select(col(PairColumns.PROMPT), col(PairColumns.STORY))
              .mapPartitions(
                  (MapPartitionsFunction<Row, Row>)
                      pairs -> new TokenCounter(texts(pairs, settings)),
                  Encoders.row(TokenCounter.SCHEMA))
              .groupBy(TokenCounter.TOKEN)
              .agg(sum(TokenCounter.COUNT).as(TokenCounter.COUNT))
              .filter(col(TokenCounter.COUNT).geq(minCount))
              .javaRDD()
              .map(counted -> new TokenCount(counted.getString(0), counted.getLong(1)));
      boolean bpe = settings.tokenizer().equals(Tokenizer.BPE);
      List<TokenCount> most =
          frequent
              .sortBy(count -> count, true, frequent.getNumPartitions())
              .take(bpe ? BpeLearner.MOST_WORDS : limit - Vocabulary.FIRST_WORD);
      return bpe && !most.isEmpty()
          ? BpeLearner.learn(most, minCount, limit)
          : Vocabulary.build(most, minCount, limit);
    }
  }

  /** The tokens of each prompt and each story. */
  private static Iterator<List<String>> texts(Iterator<Row> pairs, TextSettings settings) {
    Tokenizer tokenizer = Tokenizer.ofWords(settings);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(pairs, Spliterator.ORDERED), false)
        .flatMap(pair -> Stream.of(pair.getString(0), pair.getString(1)))
        .map(tokenizer::tokenize)
        .iterator();
  }

  /**
   * Adds up the tokens of a partition as they come, and gives out the counts whenever it holds too
   * many different tokens: nearly all the work of counting for little memory. A token may be given
   * out more than once.
   */
  static final class TokenCounter implements Iterator<Row> {

    static final String TOKEN = "token";
    static final String COUNT = "count";

    /** Of the rows that are given out. */
    static final StructType SCHEMA =
        new StructType().add(TOKEN, DataTypes.StringType).add(COUNT, DataTypes.LongType);

    /** Different tokens held at a time; a language's common words are far fewer. */
    private static final int MOST = 1 << 16;

    private final Iterator<? extends Iterable<String>> texts;
    private Iterator<Map.Entry<String, Long>> counted = Collections.emptyIterator();

    /**
     * @param texts the tokens of one text after another
     */
    TokenCounter(Iterator<? extends Iterable<String>> texts) {
      this.texts = texts;
    }

    @Override
    public boolean hasNext() {
      return counted.hasNext() || (texts.hasNext() && count());
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no counts are left");
      }
      Map.Entry<String, Long> next = counted.next();
      return RowFactory.create(next.getKey(), next.getValue());
    }

    private boolean count() {
      Map<String, Long> counts = new HashMap<>();
      while (texts.hasNext() && counts.size() < MOST) {
        texts.next().forEach(token -> counts.merge(token, 1L, Long::sum));
      }
      counted = counts.entrySet().iterator();
      return counted.hasNext();
    }
  }
}
