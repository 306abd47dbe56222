package storyloom.jobs;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.UserException;
import storyloom.model.bundle.Provenance;
import storyloom.model.settings.Settings;
import storyloom.model.text.TextSettings;
import storyloom.model.text.Vocabulary;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.train.TrainedText;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/** From a corpus to a run's shards of ids: read, cleaned, split, counted, encoded. */
final class Preparation {

  private final ClusterSession cluster;
  private final Settings settings;

  Preparation(ClusterSession cluster, Settings settings) {
    this.cluster = cluster;
    this.settings = settings;
  }

  /**
   * Writes the shards of both splits.
   *
   * @param workers shards of each
   * @return what is known of the training before its first update
   * @throws UserException if the corpus cannot be used
   */
  TrainedText into(TrainingRun run, int workers) {
    TextSettings text = settings.textSettings();
    try (Corpus corpus =
        Corpus.prepare(
            cluster.spark(),
            settings.text("corpus.path"),
            settings.text("corpus.format"),
            text.rules(),
            settings.number("corpus.valid-share"))) {
      corpus.report().lines().forEach(Console::say);
      Vocabulary vocabulary =
          VocabularyBuilder.build(
              corpus.train(),
              text,
              settings.integer("text.min-count"),
              settings.integer("text.vocabulary"));
      requireWords(vocabulary);
      try (PairEncoder encoder = new PairEncoder(cluster.spark(), text, vocabulary)) {
        ShardTotals train =
            PairShards.write(
                encoder.encode(corpus.train()), workers, run.train(), cluster.hadoop());
        ShardTotals valid =
            PairShards.write(
                encoder.encode(corpus.valid()), workers, run.valid(), cluster.hadoop());
        requirePairs("train", train);
        requirePairs("valid", valid);
        Console.say(
            "%,d pairs to train on, %,d to validate, a vocabulary of %,d tokens, %d workers",
            train.pairs(), valid.pairs(), vocabulary.size(), workers);
        sayCut(train);
        return new TrainedText(
            text, vocabulary, provenance(corpus.hash(), vocabulary, workers, train, valid));
      }
    }
  }

  private Provenance provenance(
      String corpusHash, Vocabulary vocabulary, int workers, ShardTotals train, ShardTotals valid) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    put(metrics, "train", train);
    put(metrics, "valid", valid);
    return new Provenance(
        corpusHash,
        vocabulary.sha256(),
        settings.whole("train.seed"),
        workers,
        BuildInfo.versions(),
        BuildInfo.gitCommit(),
        Instant.now(),
        null,
        settings.all(),
        metrics);
  }

  private static void put(Map<String, Double> metrics, String split, ShardTotals totals) {
    metrics.put(split + "_pairs", (double) totals.pairs());
    metrics.put(split + "_prompts_cut", (double) totals.promptsCut());
    metrics.put(split + "_stories_cut", (double) totals.storiesCut());
    metrics.put(split + "_story_tokens_cut", (double) totals.storyTokensCut());
  }

  private void sayCut(ShardTotals train) {
    if (train.storiesCut() > 0 || train.promptsCut() > 0) {
      Console.say(
          "%,d stories were cut at text.max-story-tokens=%s, which is %.1f %% of all story tokens, and %,d prompts at text.max-prompt-tokens=%s",
          train.storiesCut(),
          settings.text("text.max-story-tokens"),
          100 * train.storyShareCut(),
          train.promptsCut(),
          settings.text("text.max-prompt-tokens"));
    }
  }

  private void requireWords(Vocabulary vocabulary) {
    if (vocabulary.size() == Vocabulary.FIRST_WORD) {
      throw UserException.data(
          "no word of %s occurs text.min-count=%s times: set it lower or take a larger corpus"
              .formatted(settings.text("corpus.path"), settings.text("text.min-count")));
    }
  }

  private void requirePairs(String split, ShardTotals totals) {
    if (totals.pairs() == 0) {
      throw UserException.data(
          "no pair of the %s split of %s has a token on either side"
              .formatted(split, settings.text("corpus.path")));
    }
  }
}
