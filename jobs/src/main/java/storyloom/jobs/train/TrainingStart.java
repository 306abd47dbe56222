package storyloom.jobs.train;

import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;

/** All that a run begins or goes on with; closing it frees the memory and ends the run. */
public final class TrainingStart implements AutoCloseable {

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
   * A new run.
   *
   * @param store where prepared corpora are kept
   * @throws storyloom.model.UserException if the corpus cannot be used
   */
  public static TrainingStart fresh(
      ClusterSession cluster, Settings settings, Registry registry, PreparedStore store) {
    TrainingRun run = TrainingRun.create(settings.text("home"), cluster.hadoop());
    ParentModel parent = null;
    try {
      parent = ParentModel.of(settings, registry, cluster.hadoop());
      Preparation preparation = new Preparation(cluster, settings, store, parent);
      SortedMap<String, String> files = preparation.files();
      parent.sayNew(files);
      int workers = settings.integer("train.workers");
      PreparedCorpus corpus = preparation.of(run, files, workers == 0 ? cluster.slots() : workers);
      Checkpoint.Metadata text =
          new Checkpoint.Metadata(
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
  public static TrainingStart resumed(
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
      Settings settings = ResumedSettings.of(given, run.name(), bundle.provenance().settings());
      Console.say("going on with %s", checkpoint.directory());
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

  /** The run's own settings. */
  public Settings settings() {
    return settings;
  }

  public TrainingRun run() {
    return run;
  }

  /** The model whose weights it starts from. */
  public ParentModel parent() {
    return parent;
  }

  public PreparedCorpus corpus() {
    return corpus;
  }

  /** What its models say besides their weights. */
  public Checkpoint.Metadata text() {
    return text;
  }

  /** Where it goes on; empty for a new run. */
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
