package storyloom.jobs;

import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.Checkpoint;
import storyloom.pipeline.train.Checkpoints;
import storyloom.pipeline.train.TrainedText;

/** All that a run begins or goes on with; closing it frees the memory and ends the run. */
final class TrainingStart implements AutoCloseable {

  private final Settings settings;
  private final TrainingRun run;
  private final Parent parent;
  private final PreparedCorpus corpus;
  private final TrainedText text;
  private final Optional<Checkpoint> checkpoint;

  private TrainingStart(
      Settings settings,
      TrainingRun run,
      Parent parent,
      PreparedCorpus corpus,
      TrainedText text,
      Optional<Checkpoint> checkpoint) {
    this.settings = settings;
    this.run = run;
    this.parent = parent;
    this.corpus = corpus;
    this.text = text;
    this.checkpoint = checkpoint;
  }

  /**
   * A new run.
   *
   * @param store where prepared corpora are kept
   * @throws storyloom.model.UserException if the corpus cannot be used
   */
  static TrainingStart fresh(
      ClusterSession cluster, Settings settings, Registry registry, PreparedStore store) {
    TrainingRun run = TrainingRun.create(settings.text("home"), cluster.hadoop());
    Parent parent = null;
    try {
      parent = Parent.of(settings, registry, cluster.hadoop());
      Preparation preparation = new Preparation(cluster, settings, store, parent);
      SortedMap<String, String> files = preparation.files();
      parent.sayNew(files);
      int workers = settings.integer("train.workers");
      PreparedCorpus corpus = preparation.of(run, files, workers == 0 ? cluster.slots() : workers);
      TrainedText text =
          new TrainedText(
              settings.textSettings(),
              corpus.vocabulary(),
              TrainingProvenance.atStart(settings, corpus, parent, run.name(), files));
      return new TrainingStart(settings, run, parent, corpus, text, Optional.empty());
    } catch (RuntimeException failure) {
      close(run, parent, null);
      throw failure;
    }
  }

  /**
   * A run that is gone on with from its last checkpoint, with its own settings.
   *
   * @throws storyloom.model.UserException if it cannot be; it stays as it is
   */
  static TrainingStart resumed(
      TrainingRun run,
      ClusterSession cluster,
      Settings given,
      Registry registry,
      PreparedStore store) {
    Configuration hadoop = cluster.hadoop();
    Checkpoint checkpoint =
        Checkpoints.readNewest(run.checkpoints(), hadoop, Console::warn).orElseThrow();
    Parent parent = null;
    try {
      Bundle bundle = checkpoint.bundle();
      Settings settings = ResumedSettings.of(given, run.name(), bundle.provenance().settings());
      Console.say("going on with %s", checkpoint.directory());
      parent = Parent.ofRun(bundle.provenance().parent(), registry, hadoop);
      PreparedCorpus corpus =
          new Preparation(cluster, settings, store, parent)
              .again(run, bundle.provenance().workers());
      return new TrainingStart(
          settings,
          run,
          parent,
          corpus,
          new TrainedText(bundle.text(), bundle.vocabulary(), bundle.provenance()),
          Optional.of(checkpoint));
    } catch (RuntimeException failure) {
      close(run, parent, checkpoint);
      throw failure;
    }
  }

  /** The run's own settings. */
  Settings settings() {
    return settings;
  }

  TrainingRun run() {
    return run;
  }

  /** The model whose weights it starts from. */
  Parent parent() {
    return parent;
  }

  PreparedCorpus corpus() {
    return corpus;
  }

  /** What its models say besides their weights. */
  TrainedText text() {
    return text;
  }

  /** Where it goes on; empty for a new run. */
  Optional<Checkpoint> checkpoint() {
    return checkpoint;
  }

  @Override
  public void close() {
    close(run, parent, checkpoint.orElse(null));
  }

  private static void close(TrainingRun run, Parent parent, Checkpoint checkpoint) {
    try (TrainingRun last = run;
        Parent second = parent;
        Checkpoint first = checkpoint) {
      // only to be closed, whatever one of them throws; null is passed over
    }
  }
}
