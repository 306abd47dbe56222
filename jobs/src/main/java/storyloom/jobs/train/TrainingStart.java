package storyloom.jobs.train;

import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;

/** All that a run starts or resumes with; closing it frees the memory and ends the run. */
public final class TrainingStart implements AutoCloseable {

  private static final int MOST_ATTEMPTS = 3;

  private final Settings settings;
  private final TrainingRun run;
  private final ParentModel parent;
  private final PreparedCorpus corpus;
  private final Checkpoint.Metadata text;
  private final Optional<Checkpoint> checkpoint;

  private TrainingStart(
      Settings settings,
      TrainingRun run,
      ParentModel parent,
      PreparedCorpus corpus,
      Checkpoint.Metadata text,
      Optional<Checkpoint> checkpoint) {
    this.settings = settings;
    this.run = run;
    this.parent = parent;
    this.corpus = corpus;
    this.text = text;
    this.checkpoint = checkpoint;
  }

  /**
   * The unfinished run, if the user or the settings ask to resume it, else a new one.
   *
   * @param store where prepared corpora are kept
   * @param resume whether the user asks for it: then there must be an unfinished run
   * @throws UserException if there is none, if it cannot be resumed, or if the corpus of a new one
   *     cannot be used
   */
  public static TrainingStart of(
      ClusterSession cluster,
      Settings settings,
      Registry registry,
      PreparedStore store,
      boolean resume) {
    String home = settings.text("home");
    Optional<TrainingRun> newest = TrainingRun.newestUnfinished(home, cluster.hadoop());
    if (resume) {
      TrainingRun run =
          newest.orElseThrow(
              () ->
                  UserException.usage(
                      "there is no unfinished run under %s to resume: train without --resume"
                          .formatted(home)));
      return resumed(run, cluster, settings, registry, store);
    }
    Optional<TrainingStart> resumed =
        settings.text("train.unfinished").equals("resume")
            ? newest.flatMap(run -> tryToResume(run, cluster, settings, registry, store))
            : Optional.empty();
    return resumed.orElseGet(() -> fresh(cluster, settings, registry, store));
  }

  private static Optional<TrainingStart> tryToResume(
      TrainingRun run,
      ClusterSession cluster,
      Settings settings,
      Registry registry,
      PreparedStore store) {
    try {
      if (run.attempt() > MOST_ATTEMPTS) {
        throw UserException.data(
            "it has been resumed %d times and never came to its end".formatted(MOST_ATTEMPTS));
      }
      return Optional.of(resumed(run, cluster, settings, registry, store));
    } catch (UserException hopeless) {
      Console.warn("the run %s is given up: %s".formatted(run.name(), hopeless.getMessage()));
      run.done();
      run.close();
      return Optional.empty();
    }
  }

  /** A new run, on a corpus that all executors reach. */
  private static TrainingStart fresh(
      ClusterSession cluster, Settings settings, Registry registry, PreparedStore store) {
    cluster.requireShared(settings.text("corpus.path"));
    TrainingSettings training = new TrainingSettings(settings);
    int workers = training.workers(cluster.slots());
    training.requireShares(workers);
    TrainingRun run = TrainingRun.create(settings.text("home"), cluster.hadoop());
    ParentModel parent = null;
    try {
      parent = ParentModel.of(settings, registry, cluster.hadoop());
      Preparation preparation = new Preparation(cluster, settings, store, parent);
      SortedMap<String, String> files = preparation.files();
      parent.reportNewFiles(files);
      PreparedCorpus corpus = preparation.of(run, files, workers);
      Checkpoint.Metadata text =
          new Checkpoint.Metadata(
              settings.textSettings(),
              corpus.vocabulary(),
              TrainingProvenance.atStart(
                  settings, corpus.contents(), parent.version(), run.name(), files));
      return new TrainingStart(settings, run, parent, corpus, text, Optional.empty());
    } catch (RuntimeException failure) {
      close(run, parent, null);
      throw failure;
    }
  }

  /** A run from its last checkpoint, with its own settings; it stays as it is if that fails. */
  private static TrainingStart resumed(
      TrainingRun run,
      ClusterSession cluster,
      Settings given,
      Registry registry,
      PreparedStore store) {
    Configuration hadoop = cluster.hadoop();
    Checkpoint checkpoint =
        Checkpoints.readNewest(run.checkpoints(), hadoop, Console::warn).orElseThrow();
    ParentModel parent = null;
    try {
      Bundle bundle = checkpoint.bundle();
      requireSameRules(run, bundle);
      Settings settings =
          TrainingSettings.resumed(
              given, run.name(), RecordedSettings.of(bundle.provenance(), given));
      Console.say("resuming %s", checkpoint.directory());
      parent = ParentModel.ofRun(bundle.provenance().parent(), registry, hadoop);
      PreparedCorpus corpus =
          new Preparation(cluster, settings, store, parent)
              .again(run, bundle.provenance().workers());
      return new TrainingStart(
          settings,
          run,
          parent,
          corpus,
          new Checkpoint.Metadata(bundle.text(), bundle.vocabulary(), bundle.provenance()),
          Optional.of(checkpoint));
    } catch (RuntimeException failure) {
      close(run, parent, checkpoint);
      throw failure;
    }
  }

  /** Half of a training on text that was cleaned one way, half on another: nobody wants that. */
  private static void requireSameRules(TrainingRun run, Bundle checkpoint) {
    checkpoint
        .text()
        .otherRules()
        .ifPresent(
            others -> {
              throw UserException.usage(
                  "%s cannot be resumed: %s: train anew without --resume"
                      .formatted(run.name(), others));
            });
  }

  /** The run's own settings. */
  public Settings settings() {
    return settings;
  }

  /** Its name and its places below home. */
  public TrainingRun run() {
    return run;
  }

  /** The model whose weights it starts from. */
  public ParentModel parent() {
    return parent;
  }

  /** The pairs to train on and to validate by. */
  public PreparedCorpus corpus() {
    return corpus;
  }

  /** What its models say besides their weights. */
  public Checkpoint.Metadata text() {
    return text;
  }

  /** Where it resumes; empty for a new run. */
  public Optional<Checkpoint> checkpoint() {
    return checkpoint;
  }

  @Override
  public void close() {
    close(run, parent, checkpoint.orElse(null));
  }

  private static void close(TrainingRun run, ParentModel parent, Checkpoint checkpoint) {
    try (TrainingRun last = run;
        ParentModel second = parent;
        Checkpoint first = checkpoint) {
      // only to be closed, whatever one of them throws; null is passed over
    }
  }
}
