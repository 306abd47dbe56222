package storyloom.pipeline.prepare;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/** Makes ids of a clean corpus: counts its tokens, encodes its pairs, writes them as shards. */
public final class CorpusEncoder {

  private static final String LONG_STORIES = "text.long-stories";

  private final Settings settings;
  private final String name;
  private final Configuration hadoop;

  /**
   * What was made of a corpus.
   *
   * @param vocabulary what the ids stand for
   * @param train what the training split's shards hold
   * @param valid what the validation split's shards hold
   */
  public record Encoded(Vocabulary vocabulary, ShardTotals train, ShardTotals valid) {}

  /**
   * @param settings those below {@code text.} are used, and {@code model.copy}
   * @param name of the corpus, for messages
   * @param hadoop how shards are reached
   */
  public CorpusEncoder(Settings settings, String name, Configuration hadoop) {
    this.settings = settings;
    this.name = name;
    this.hadoop = hadoop;
  }

  /**
   * Those settings that decide what a corpus becomes: how it is read, cleaned and encoded. What is
   * copied has ids of its own; other settings of a model change no id. What is off by default and
   * came later says nothing, so that a corpus prepared before is still the same.
   *
   * @param settings by their keys
   */
  public static SortedMap<String, String> deciding(Map<String, String> settings) {
    SortedMap<String, String> deciding = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith("corpus.")
              || (key.startsWith("text.") && !(key.equals(LONG_STORIES) && value.equals("cut")))
              || (key.equals("model.copy") && value.equals("true"))) {
            deciding.put(key, value);
          }
        });
    return deciding;
  }

  /**
   * Encodes a corpus.
   *
   * @param kept makes a vocabulary of the corpus the one to use, as a parent's that has grown by it
   * @param workers shards of each split
   * @param folder below which the shards shall stand, where {@link PreparedCorpus} says
   * @throws UserException if there are no words, no pairs, or fewer pairs than workers
   */
  public Encoded encode(
      SparkSession session,
      Corpus corpus,
      UnaryOperator<Vocabulary> kept,
      int workers,
      Path folder) {
    TextSettings text = settings.textSettings();
    Vocabulary vocabulary =
        kept.apply(
            VocabularyBuilder.build(
                corpus.train(),
                text,
                settings.integer("text.min-count"),
                settings.integer("text.vocabulary")));
    requireWords(vocabulary);
    try (PairEncoder encoder =
        new PairEncoder(session, text, vocabulary, settings.flag("model.copy"))) {
      ShardTotals train = write(encoder, corpus.train(), workers, PreparedCorpus.train(folder));
      ShardTotals valid = write(encoder, corpus.valid(), workers, PreparedCorpus.valid(folder));
      requirePairs("train", train);
      requireShares(train, workers);
      requirePairs("valid", valid);
      return new Encoded(vocabulary, train, valid);
    }
  }

  private ShardTotals write(PairEncoder encoder, Dataset<Row> pairs, int workers, Path shards) {
    return PairShards.write(encoder.encode(pairs), workers, shards, hadoop);
  }

  private void requireWords(Vocabulary vocabulary) {
    if (vocabulary.size() == Vocabulary.FIRST_WORD) {
      throw UserException.data(
          "no word of %s occurs text.min-count=%s times: set it lower or take a larger corpus"
              .formatted(name, settings.text("text.min-count")));
    }
  }

  private void requirePairs(String split, ShardTotals totals) {
    if (totals.pairs() == 0) {
      throw UserException.data(
          "no pair of the %s split of %s has a token on either side".formatted(split, name));
    }
  }

  private void requireShares(ShardTotals train, int workers) {
    if (train.pairs() < workers) {
      throw UserException.usage(
          "%s has %d pairs to train on, fewer than %d workers: set train.workers to %d or less"
              .formatted(name, train.pairs(), workers, train.pairs()));
    }
  }
}
