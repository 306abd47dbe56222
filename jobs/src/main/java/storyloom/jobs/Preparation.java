package storyloom.jobs;

import java.util.Optional;
import java.util.SortedMap;
import storyloom.model.UserException;
import storyloom.model.bundle.ChecksummedDirectoryWriter;
import storyloom.model.settings.Settings;
import storyloom.model.text.TextSettings;
import storyloom.model.text.Vocabulary;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.corpus.CleaningReport;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusContent;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.evaluate.HeldOut;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/**
 * From a corpus to a run's shards of ids: read, cleaned, split, counted, encoded; or, where neither
 * the corpus nor what is done to it has changed, taken as they were made before.
 */
final class Preparation {

  /** What the vocabulary of a corpus grows from where there is none. */
  private static final String SCRATCH = "";

  private final ClusterSession cluster;
  private final Settings settings;
  private final PreparedStore store;
  private final Parent parent;

  /**
   * @param store where prepared corpora are kept
   * @param parent whose vocabulary is kept
   */
  Preparation(ClusterSession cluster, Settings settings, PreparedStore store, Parent parent) {
    this.cluster = cluster;
    this.settings = settings;
    this.store = store;
    this.parent = parent;
  }

  /** The files of the corpus as they are now, as {@link CorpusContent#files} tells them. */
  SortedMap<String, String> files() {
    return CorpusContent.files(
        cluster.context(), settings.text("corpus.path"), settings.text("corpus.format"));
  }

  /**
   * The prepared corpus of a new run.
   *
   * @param files of the corpus
   * @param workers shards of each split
   * @throws UserException if the corpus cannot be used
   */
  PreparedCorpus of(TrainingRun run, SortedMap<String, String> files, int workers) {
    String content = CorpusContent.hash(files);
    String key = key(content, workers, parent.vocabularyHash());
    run.need(key);
    Optional<PreparedCorpus> kept = store.find(key).or(() -> ungrown(run, content, workers));
    kept.ifPresent(
        corpus ->
            Console.say(
                "neither the corpus nor its settings have changed: its pairs are those in %s",
                corpus.folder()));
    kept.ifPresent(corpus -> CleaningFiles.copy(corpus.folder(), run.told(), cluster.hadoop()));
    PreparedCorpus corpus = kept.orElseGet(() -> prepare(run, key, content, workers));
    say(corpus.contents(), corpus.vocabulary());
    return corpus;
  }

  /**
   * The same corpus as it was prepared from scratch, where the parent's vocabulary came of it:
   * there is nothing in it to let that vocabulary grow by.
   */
  private Optional<PreparedCorpus> ungrown(TrainingRun run, String content, int workers) {
    String key = key(content, workers, SCRATCH);
    String own = run.corpus().orElse(key);
    run.need(key); // before it is looked for, so that nobody removes it in between
    Optional<PreparedCorpus> fitting =
        store
            .find(key)
            .filter(corpus -> corpus.vocabulary().sha256().equals(parent.vocabularyHash()));
    if (fitting.isEmpty()) {
      run.need(own);
    }
    return fitting;
  }

  /**
   * The prepared corpus of a run that is gone on with. Should it be lost, it is made again from the
   * same corpus.
   *
   * @param workers of the run
   * @throws UserException if it is lost and the corpus is not the same any more
   */
  PreparedCorpus again(TrainingRun run, int workers) {
    String key = run.corpus().orElse("nothing");
    return store
        .find(key)
        .orElseGet(
            () -> {
              String content = CorpusContent.hash(files());
              if (!key.equals(key(content, workers, parent.vocabularyHash()))
                  && !key.equals(key(content, workers, SCRATCH))) {
                throw UserException.data(
                    "the pairs of the run %s, in %s, are lost, and the corpus at %s, or the program, is not what it was: train anew without --resume"
                        .formatted(run.name(), store.path(key), settings.text("corpus.path")));
              }
              return prepare(run, key, content, workers);
            });
  }

  private String key(String content, int workers, String grownFrom) {
    return PreparedKey.of(settings, content, workers, grownFrom);
  }

  private PreparedCorpus prepare(TrainingRun run, String key, String content, int workers) {
    TextSettings text = settings.textSettings();
    try (Corpus corpus =
            Corpus.prepare(
                cluster.spark(), CorpusSettings.of(settings), report -> tell(report, run));
        ChecksummedDirectoryWriter draft = store.draft()) {
      int limit = settings.integer("text.vocabulary");
      Vocabulary vocabulary =
          parent.grown(
              VocabularyBuilder.build(
                  corpus.train(), text, settings.integer("text.min-count"), limit),
              limit);
      requireWords(vocabulary);
      try (PairEncoder encoder = new PairEncoder(cluster.spark(), text, vocabulary)) {
        ShardTotals train =
            PairShards.write(
                encoder.encode(corpus.train()),
                workers,
                PreparedCorpus.train(draft.folder()),
                cluster.hadoop());
        ShardTotals valid =
            PairShards.write(
                encoder.encode(corpus.valid()),
                workers,
                PreparedCorpus.valid(draft.folder()),
                cluster.hadoop());
        requirePairs("train", train);
        requirePairs("valid", valid);
        HeldOut.write(corpus.valid(), PreparedCorpus.heldOut(draft.folder()));
        CleaningReport report =
            corpus.report().with(coverage("train", train)).with(coverage("valid", valid));
        CleaningFiles.write(report, run.told(), cluster.hadoop());
        CleaningFiles.write(report, draft);
        PreparedCorpus.describe(
            draft, PreparedCorpus.Contents.of(corpus.hash(), workers, train, valid), vocabulary);
      }
      requireUnchanged(content);
      return store.commit(draft, key);
    }
  }

  private static CleaningReport.Coverage coverage(String split, ShardTotals totals) {
    return new CleaningReport.Coverage(
        split, totals.tokens(), totals.tokens() - totals.unknownTokens());
  }

  private void requireUnchanged(String content) {
    if (!CorpusContent.hash(files()).equals(content)) {
      throw UserException.data(
          "the corpus at %s was changed while it was read: run again when it is whole"
              .formatted(settings.text("corpus.path")));
    }
  }

  private void tell(CleaningReport report, TrainingRun run) {
    report.lines().forEach(Console::say);
    CleaningFiles.write(report, run.told(), cluster.hadoop());
  }

  private void say(PreparedCorpus.Contents contents, Vocabulary vocabulary) {
    ShardTotals train = contents.train();
    Console.say(
        "%,d pairs to train on, %,d to validate, a vocabulary of %,d tokens, %d workers",
        train.pairs(), contents.valid().pairs(), vocabulary.size(), contents.workers());
    Console.say(
        "the vocabulary has %.2f %% of the tokens of train and %.2f %% of those of valid",
        100 * train.shareKnown(), 100 * contents.valid().shareKnown());
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
