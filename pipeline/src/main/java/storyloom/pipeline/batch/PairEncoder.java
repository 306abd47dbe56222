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
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * Turns clean pairs into ids on the executors, each of which is sent the vocabulary once. Closing
 * takes the vocabulary away again: not before the pairs have been written.
 */
public final class PairEncoder implements AutoCloseable {

  private final TextSettings settings;
  private final boolean copies;
  private final Broadcast<Vocabulary> vocabulary;

  /** Sends out the vocabulary, for a model that does not copy. */
  public PairEncoder(SparkSession session, TextSettings settings, Vocabulary vocabulary) {
    this(session, settings, vocabulary, false);
  }

  /**
   * Sends out the vocabulary.
   *
   * @param copies whether words of a prompt that the vocabulary lacks get ids of their own
   */
  public PairEncoder(
      SparkSession session, TextSettings settings, Vocabulary vocabulary, boolean copies) {
    this.copies = copies;
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
        .mapPartitions(new Encoding(settings, copies, vocabulary));
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
    private final boolean copies;
    private final Broadcast<Vocabulary> vocabulary;

    Encoding(TextSettings settings, boolean copies, Broadcast<Vocabulary> vocabulary) {
      this.copies = copies;
      this.settings = settings;
      this.vocabulary = vocabulary;
    }

    @Override
    public Iterator<EncodedPair> call(Iterator<Row> pairs) {
      TextCodec codec = new TextCodec(settings, vocabulary.value());
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(pairs, Spliterator.ORDERED), false)
          .map(row -> encode(codec, row))
          .filter(Objects::nonNull)
          .iterator();
    }

    /** A pair's ids, or null if a side has none. The texts are clean: no need to do it again. */
    private EncodedPair encode(TextCodec codec, Row row) {
      List<String> prompt = codec.tokenizer().tokenize(row.getString(0));
      List<String> story = codec.tokenizer().tokenize(row.getString(1));
      List<String> cutPrompt = codec.cutPrompt(prompt);
      List<String> cutStory = codec.cutStory(story);
      PairVocabulary words = PairVocabulary.of(codec.vocabulary(), cutPrompt, copies);
      return cutPrompt.isEmpty() || cutStory.isEmpty()
          ? null
          : new EncodedPair(
              words.ids(cutPrompt),
              words.ids(cutStory),
              prompt.size() - cutPrompt.size(),
              story.size() - cutStory.size(),
              unknown(codec, cutPrompt) + unknown(codec, cutStory));
    }

    private static int unknown(TextCodec codec, List<String> tokens) {
      return (int)
          tokens.stream().filter(token -> codec.vocabulary().id(token) == Vocabulary.OOV).count();
    }
  }
}
