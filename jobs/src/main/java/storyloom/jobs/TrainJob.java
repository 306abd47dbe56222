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
import storyloom.jobs.cli.Outcome;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.models.Housekeeping;
import storyloom.jobs.report.RunReport;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.tracking.ExperimentTracker;
import storyloom.jobs.train.GatePairs;
import storyloom.jobs.train.MetricsFile;
import storyloom.jobs.train.Training;
import storyloom.jobs.train.TrainingSettings;
import storyloom.jobs.train.TrainingStart;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.ExitStatus;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.registry.HomeLock;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;

/** Trains a model on a corpus and makes it the current one: {@code spark-submit jobs/train.jar}. */
@Command(
    name = "spark-submit jobs/train.jar",
    description = "Trains a story model on a corpus of prompts and stories.")
public final class TrainJob implements Callable<Integer> {

  @Mixin private CommonOptions.OfJob options;

  @Option(
      names = "--resume",
      description =
          "Resume the newest run under home that was stopped or died, with its own settings,"
              + " from its last checkpoint.")
  private boolean resume;

  @Option(
      names = "--refused-is-done",
      description =
          "End with 0 in place of 4 where the gate has refused the model: for schedulers to which"
              + " any other status is a crash.")
  private boolean refusedIsDone;

  private Settings settings = Settings.defaults();
  private Optional<TrainingSummary> summary = Optional.empty();

  private TrainJob() {}

  /** Runs the command and ends the process as {@link Outcome#end} says. */
  public static void main(String[] args) {
    outcome(args).end();
  }

  /** Runs the command; gives its exit status. */
  public static int run(String... args) {
    return outcome(args).status();
  }

  private static Outcome outcome(String... args) {
    TrainJob job = new TrainJob();
    Instant started = Instant.now();
    Outcome outcome = CommandRunner.run(job, args);
    String metrics = job.settings.text("metrics.file");
    if (!metrics.isEmpty()) {
      new MetricsFile(started, outcome.status(), job.summary).write(Path.of(metrics));
    }
    return job.refusedIsDone && outcome.status() == ExitStatus.NOT_PROMOTED
        ? new Outcome(ExitStatus.DONE, "")
        : outcome;
  }

  @Override
  public Integer call() {
    settings = options.settings();
    requireUsable();
    String home = settings.text("home");
    try (ClusterSession cluster =
        ClusterSession.start(
            "storyloom train", options, files -> new TrainingSettings(settings).memory())) {
      cluster.requireShared(home);
      Registry registry = new Registry(home, cluster.hadoop());
      try (HomeLock lock = Housekeeping.lock(settings, cluster.hadoop())) {
        Housekeeping housekeeping = new Housekeeping(settings, cluster.hadoop());
        housekeeping.prune();
        int status = train(cluster, registry, lock);
        housekeeping.prune().forEach(each -> Console.remark("removed the model " + each));
        Console.remark(housekeeping.diskUse());
        return status;
      }
    }
  }

  /** Settings that cannot be used together, or at all, are refused before any corpus is read. */
  private void requireUsable() {
    ExperimentTracker.requireUsable(settings);
    Seq2SeqConfig model = Seq2SeqConfig.of(settings, settings.integer("text.vocabulary"));
    TrainingSettings training = new TrainingSettings(settings);
    training.plan(model.vocabulary(), training.workers(1));
  }

  /** Starts or resumes a run, trains, has the gate decide, and reports; gives the exit status. */
  private int train(ClusterSession cluster, Registry registry, HomeLock lock) {
    String home = settings.text("home");
    try (PreparedStore store = PreparedStore.of(home, settings, cluster.context());
        TrainingStart start = TrainingStart.of(cluster, settings, registry, store, resume);
        ExperimentTracker tracker = ExperimentTracker.of(start)) {
      var heldOut = resume ? start.corpus().heldOut() : GatePairs.of(cluster, settings, start);
      Optional<Training.Ended> result =
          new Training(cluster, registry.modelsDir()).train(start, tracker);
      if (result.isEmpty()) {
        tracker.stopped();
        Console.say("stopped; --resume continues the run %s", start.run().name());
        return ExitStatus.STOPPED;
      }
      Training.Ended ended = result.get();
      Promotion.Decision decision =
          new Promotion(cluster, start.settings(), registry, lock)
              .decide(
                  ended.version(),
                  Optional.ofNullable(start.parent().version()),
                  heldOut,
                  start.corpus().folder());
      tracker.decided(ended.version(), decision);
      summary = Optional.of(new RunReport(cluster.hadoop()).write(start, ended, decision));
      start.run().done();
      summary.get().print(registry.modelDir(ended.version()), ended, decision);
      return decision.promoted() ? ExitStatus.DONE : ExitStatus.NOT_PROMOTED;
    }
  }
}
