package storyloom.jobs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.jobs.cli.CommandRunner;
import storyloom.jobs.cli.CommonOptions;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.models.Housekeeping;
import storyloom.jobs.report.RunReport;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.jobs.tracking.ExperimentTracker;
import storyloom.jobs.tracking.MlflowServer;
import storyloom.jobs.train.MetricsFile;
import storyloom.jobs.train.RunSummary;
import storyloom.jobs.train.Training;
import storyloom.jobs.train.TrainingSettings;
import storyloom.jobs.train.TrainingStart;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.registry.HomeLock;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;

/** Trains a model on a corpus and makes it the current one: {@code spark-submit jobs/train.jar}. */
@Command(
    name = "spark-submit jobs/train.jar",
    description = "Trains a story model on a corpus of prompts and stories.")
public final class TrainJob implements Callable<Integer> {

  private static final int MOST_ATTEMPTS = 3;

  @Mixin private CommonOptions options;

  @Option(
      names = "--resume",
      description =
          "Go on with the newest run under home that was stopped or died, with its own settings,"
              + " from its last checkpoint.")
  private boolean resume;

  private Settings settings = Settings.defaults();
  private Optional<RunSummary> summary = Optional.empty();
  private ClusterSession cluster;
  private Registry registry;

  private TrainJob() {}

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; gives its exit status. */
  public static int run(String... args) {
    TrainJob job = new TrainJob();
    Instant started = Instant.now();
    int status = CommandRunner.run(job, args);
    String metrics = job.settings.text("metrics.file");
    if (!metrics.isEmpty()) {
      new MetricsFile(started, status, job.summary).write(Path.of(metrics));
    }
    return status;
  }

  @Override
  public Integer call() {
    settings = options.settings();
    requireUsable();
    String home = settings.text("home");
    try (ClusterSession session = ClusterSession.start("storyloom train")) {
      cluster = session;
      if (!options.sharedFiles()) {
        cluster.sharedFiles().require(home);
      }
      registry = new Registry(home, cluster.hadoop());
      try (HomeLock lock = Housekeeping.lock(settings, cluster.hadoop())) {
        Housekeeping housekeeping = new Housekeeping(settings, cluster.hadoop());
        housekeeping.prune();
        int status = run(home, lock);
        housekeeping.prune().forEach(each -> Console.remark("removed the model " + each));
        Console.remark(housekeeping.diskUse());
        return status;
      }
    }
  }

  private int run(String home, HomeLock lock) {
    try (PreparedStore store = store(home);
        TrainingStart start =
            unfinished(home, store)
                .orElseGet(() -> TrainingStart.fresh(cluster, readable(), registry, store));
        ExperimentTracker tracking = ExperimentTracker.of(start)) {
      Optional<Training.Ended> ended =
          new Training(cluster, registry.modelsDir()).train(start, tracking);
      if (ended.isEmpty()) {
        tracking.stopped();
        Console.say("stopped; --resume goes on with the run %s", start.run().name());
        return ExitStatus.STOPPED;
      }
      Promotion.Decision decision =
          new Promotion(cluster, start.settings(), registry, lock)
              .decide(
                  ended.get().version(),
                  Optional.ofNullable(start.parent().version()),
                  start.corpus().heldOut());
      tracking.decided(ended.get().version(), decision);
      summary = Optional.of(new RunReport(cluster.hadoop()).write(start, ended.get(), decision));
      start.run().done();
      new TrainingSummary(registry, start.settings()).tell(ended.get(), decision);
      return decision.promoted() ? ExitStatus.DONE : ExitStatus.NOT_PROMOTED;
    }
  }

  /** The settings, of which the corpus must be one that all executors reach. */
  private Settings readable() {
    if (!options.sharedFiles()) {
      cluster.sharedFiles().require(settings.text("corpus.path"));
    }
    return settings;
  }

  private PreparedStore store(String home) {
    return new PreparedStore(
        home,
        cluster.context(),
        settings.integer("train.prepared-kept"),
        () -> TrainingRun.neededCorpora(home, cluster.hadoop()));
  }

  /** The run to go on with, where the user or the settings ask for that. */
  private Optional<TrainingStart> unfinished(String home, PreparedStore store) {
    Optional<TrainingRun> newest = TrainingRun.newestUnfinished(home, cluster.hadoop());
    if (resume) {
      TrainingRun run =
          newest.orElseThrow(
              () ->
                  UserException.usage(
                      "there is no unfinished run under %s to go on with: train without --resume"
                          .formatted(home)));
      return Optional.of(TrainingStart.resumed(run, cluster, settings, registry, store));
    }
    return settings.text("train.unfinished").equals("resume")
        ? newest.flatMap(run -> tryToGoOn(run, store))
        : Optional.empty();
  }

  private Optional<TrainingStart> tryToGoOn(TrainingRun run, PreparedStore store) {
    try {
      if (run.attempt() > MOST_ATTEMPTS) {
        throw UserException.data(
            "it has been gone on with %d times and never came to its end".formatted(MOST_ATTEMPTS));
      }
      return Optional.of(TrainingStart.resumed(run, cluster, settings, registry, store));
    } catch (UserException hopeless) {
      Console.warn("the run %s is given up: %s".formatted(run.name(), hopeless.getMessage()));
      run.done();
      run.close();
      return Optional.empty();
    }
  }

  /** Settings that cannot be used together, or at all, are refused before any corpus is read. */
  private void requireUsable() {
    MlflowServer.of(settings);
    Seq2SeqConfig model = Seq2SeqConfig.of(settings, settings.integer("text.vocabulary"));
    new TrainingSettings(settings).plan(model.vocabulary(), 1);
  }
}
