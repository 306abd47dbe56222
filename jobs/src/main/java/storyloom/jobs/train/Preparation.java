package storyloom.jobs.train;

import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import storyloom.jobs.chart.CleaningFiles;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.CorpusOwner;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.read.CorpusFingerprint;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.TrainingNgrams;
import storyloom.pipeline.prepare.CorpusEncoder;

/**
 * A run's prepared corpus: made of its text or, if neither the corpus nor what is done to it has
 * changed, taken as it was made before.
 */
public final class Preparation {

  /** What the vocabulary of a corpus grows from if there is no parent. */
  private static final String SCRATCH = "";

  private final ClusterSession cluster;
  private final Settings settings;
  private final PreparedStore store;
  private final ParentModel parent;

  /**
   * @param settings those below {@code corpus.} and {@code text.} are used
   * @param store where prepared corpora are kept
   * @param parent whose vocabulary is kept
   */
  public Preparation(
      ClusterSession cluster, Settings settings, PreparedStore store, ParentModel parent) {
    this.cluster = cluster;
    this.settings = settings;
    this.store = store;
    this.parent = parent;
  }

  /** The files of the corpus as they are now, as {@link CorpusFingerprint#files} names them. */
  public SortedMap<String, String> files() {
    return CorpusFingerprint.files(
        cluster.context(), settings.text("corpus.path"), settings.text("corpus.format"));
  }

  /**
   * The prepared corpus of a new run.
   *
   * @param run whom it is prepared for
   * @param files of the corpus
   * @param workers shards of each split
   * @throws UserException if the corpus cannot be used
   */
  public PreparedCorpus of(CorpusOwner run, SortedMap<String, String> files, int workers) {
    String content = CorpusFingerprint.hash(files);
    PreparedStore.Key key = key(content, workers);
    run.need(key.name(), key.name()); // before it is looked for, so that nobody removes it then
    Optional<PreparedCorpus> kept = store.find(key.name()).or(() -> ungrown(run, key));
    kept.ifPresent(
        corpus ->
            Console.say(
                "neither the corpus nor its settings have changed: its pairs are those in %s",
                corpus.folder()));
    kept.ifPresent(corpus -> CleaningFiles.copy(corpus.folder(), run.reports(), cluster.hadoop()));
    PreparedCorpus corpus = kept.orElseGet(() -> prepare(run, key, content, workers));
    say(corpus.contents(), corpus.vocabulary());
    return corpus;
  }

  /**
   * The same corpus with the parent's vocabulary, which came of it or has grown by it before: there
   * is nothing in it to let that vocabulary grow by now.
   */
  private Optional<PreparedCorpus> ungrown(CorpusOwner run, PreparedStore.Key key) {
    for (String name : store.namesOf(key.madeOf(), parent.vocabularyHash())) {
      run.need(name, key.name());
      Optional<PreparedCorpus> found = store.find(name);
      if (found.isPresent()) {
        return found;
      }
    }
    run.need(key.name(), key.name());
    return Optional.empty();
  }

  /**
   * The prepared corpus of a run that is resumed. Should it be lost, it is made again from the same
   * corpus.
   *
   * @param workers of the run
   * @throws UserException if it is lost and the corpus is not the same any more
   */
  PreparedCorpus again(TrainingRun run, int workers) {
    return run.corpus().flatMap(store::find).orElseGet(() -> lost(run, workers));
  }

  private PreparedCorpus lost(TrainingRun run, int workers) {
    String content = CorpusFingerprint.hash(files());
    // one that was made from scratch can be made again though the parent is gone
    PreparedStore.Key same =
        Stream.of(key(content, workers), PreparedStore.Key.of(settings, content, workers, SCRATCH))
            .filter(key -> run.corpusNames().contains(key.name()))
            .findFirst()
            .orElseThrow(
                () ->
                    UserException.data(
                        "the pairs of the run %s, in %s, are lost, and the corpus at %s, or the program, is not what it was: train anew without --resume"
                            .formatted(
                                run.name(),
                                store.path(run.corpus().orElse("nothing")),
                                settings.text("corpus.path"))));
    if (!run.corpus().equals(Optional.of(same.name()))) {
      run.need(same.name(), same.name());
    }
    return prepare(run, same, content, workers);
  }

  private PreparedStore.Key key(String content, int workers) {
    return PreparedStore.Key.of(settings, content, workers, parent.vocabularyHash());
  }

  private PreparedCorpus prepare(
      CorpusOwner run, PreparedStore.Key key, String content, int workers) {
    try (ChecksummedDirectory.Writer draft = store.draft()) {
      fill(draft, run, key.madeOf(), workers);
      requireUnchanged(content);
      return store.commit(draft, key.name());
    }
  }

  /**
   * Fills a folder with ids: the text is read, cleaned, split, counted and encoded.
   *
   * @param run that gets the report of the cleaning besides
   * @param madeOf what the folder is to say that it is made of
   * @param workers shards of each split
   * @throws UserException if the corpus cannot be used
   */
  private void fill(
      ChecksummedDirectory.Writer folder, CorpusOwner run, String madeOf, int workers) {
    String name = settings.text("corpus.path");
    int limit = settings.integer("text.vocabulary");
    try (Corpus corpus =
        Corpus.prepare(
            cluster.spark(), CorpusSettings.of(settings), report -> report(report, run))) {
      CorpusEncoder.Encoded encoded =
          new CorpusEncoder(settings, name, cluster.hadoop())
              .encode(
                  cluster.spark(),
                  corpus,
                  vocabulary -> parent.grown(vocabulary, limit),
                  workers,
                  folder.folder());
      HeldOutPairs.write(corpus.valid(), PreparedCorpus.heldOut(folder.folder()));
      TrainingNgrams.of(corpus.train(), encoded.train().tokens()).write(folder);
      CleaningReport report =
          corpus
              .report()
              .with(coverage("train", encoded.train()))
              .with(coverage("valid", encoded.valid()));
      CleaningFiles.write(report, run.reports(), cluster.hadoop());
      CleaningFiles.write(report, folder);
      PreparedCorpus.describe(
          folder,
          PreparedCorpus.Contents.of(
              madeOf,
              corpus.hash(),
              encoded.vocabulary(),
              workers,
              encoded.train(),
              encoded.valid()),
          encoded.vocabulary());
    }
  }

  private void report(CleaningReport report, CorpusOwner run) {
    report.lines().forEach(Console::say);
    CleaningFiles.write(report, run.reports(), cluster.hadoop());
  }

  private static CleaningReport.Coverage coverage(String split, ShardTotals totals) {
    return new CleaningReport.Coverage(
        split, totals.tokens(), totals.tokens() - totals.unknownTokens());
  }

  private void requireUnchanged(String content) {
    if (!CorpusFingerprint.hash(files()).equals(content)) {
      throw UserException.data(
          "the corpus at %s was changed while it was read: run again when it is whole"
              .formatted(settings.text("corpus.path")));
    }
  }

  private void say(PreparedCorpus.Contents contents, Vocabulary vocabulary) {
    ShardTotals train = contents.train();
    Console.say(
        "%,d pairs to train on, %,d to validate, a vocabulary of %,d tokens, %d workers",
        train.pairs(), contents.valid().pairs(), vocabulary.size(), contents.workers());
    Console.say(
        "the vocabulary has %.2f %% of the tokens of train and %.2f %% of those of valid",
        100 * train.shareKnown(), 100 * contents.valid().shareKnown());
    CutTexts.lines(train, settings).forEach(line -> Console.say(line));
  }
}
