package storyloom.pipeline.batch;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * Turns clean pairs into ids on the executors, each of which is sent the vocabulary once. Closing
 * takes the vocabulary away again: not before the pairs have been written.
 */
public final class PairEncoder implements AutoCloseable {

  private final TextSettings settings;
  private final Broadcast<Vocabulary> vocabulary;

  /** Sends out the vocabulary. */
  public PairEncoder(SparkSession session, TextSettings settings, Vocabulary vocabulary) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.vocabulary =
        JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(vocabulary);
  }

  /**
   * Encodes pairs, lazily. A pair of which a side has no tokens is left out: how many, shows in the
   * difference between the pairs given and the {@link ShardTotals} written.
   *
   * @param pairs cleaned pairs, string columns prompt and story
   */
  public JavaRDD<EncodedPair> encode(Dataset<Row> pairs) {
    return pairs
        .select(col(PairColumns.PROMPT), col(PairColumns.STORY))
        .javaRDD()
        .mapPartitions(new Encoding(settings, vocabulary));
  }

  /** Destroys the broadcast; what {@link #encode} gave cannot be computed any more. */
  @Override
  public void close() {
    Unpersist.of(vocabulary);
  }

  /** Encodes the pairs of a partition. */
  private static final class Encoding
      implements FlatMapFunction<Iterator<Row>, EncodedPair>, Serializable {
    private final TextSettings settings;
    private final Broadcast<Vocabulary> vocabulary;

    Encoding(TextSettings settings, Broadcast<Vocabulary> vocabulary) {
      this.settings = settings;
      this.vocabulary = vocabulary;
    }

    @Override
    public Iterator<EncodedPair> call(Iterator<Row> pairs) {
      TextCodec codec = new TextCodec(settings, vocabulary.value());
      Tokenizer tokenizer = codec.tokenizer();
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(pairs, Spliterator.ORDERED), false)
          .map(row -> encode(codec, tokenizer, row))
          .filter(Objects::nonNull)
          .iterator();
    }

    /** A pair's ids, or null if a side has none. The texts are clean: no need to do it again. */
    private static EncodedPair encode(TextCodec codec, Tokenizer tokenizer, Row row) {
      int[] prompt = codec.ids(tokenizer.tokenize(row.getString(0)));
      int[] cutPrompt = codec.cutPrompt(prompt);
      List<String> story = tokenizer.tokenize(row.getString(1));
      int[] cutStory = codec.ids(codec.cutStory(story));
      return cutPrompt.length == 0 || cutStory.length == 0
          ? null
          : new EncodedPair(
              cutPrompt,
              cutStory,
              prompt.length - cutPrompt.length,
              story.size() - cutStory.length);
    }
  }
}
