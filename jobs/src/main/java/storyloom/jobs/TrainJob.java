package storyloom.jobs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.model.UserException;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.registry.HomeLock;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.TrainingResult;

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
    int status = CommandFrame.run(job, args);
    String metrics = job.settings.text("metrics.file");
    if (!metrics.isEmpty()) {
      new MetricsFile(started, status, job.summary).write(Path.of(metrics));
    }
    return status;
  }

  @Override
  public Integer call() {
    settings = options.settings();
    requireModel();
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
                .orElseGet(() -> TrainingStart.fresh(cluster, readable(), registry, store))) {
      Optional<Training.Ended> ended = new Training(cluster, registry.modelsDir()).train(start);
      if (ended.isEmpty()) {
        Console.say("stopped; --resume goes on with the run %s", start.run().name());
        return ExitStatus.STOPPED;
      }
      Promotion.Decision decision =
          new Promotion(cluster, start.settings(), registry, lock)
              .decide(ended.get().version(), start.corpus().heldOut());
      summary = Optional.of(new RunReport(cluster.hadoop()).write(start, ended.get(), decision));
      start.run().done();
      report(start.settings(), ended.get(), decision);
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

  private void report(Settings own, Training.Ended ended, Promotion.Decision decision) {
    TrainingResult result = ended.result();
    Console.say(
        "training ended %s; the weights are those of epoch %d",
        switch (result.ending()) {
          case EPOCHS -> "after its last epoch";
          case PATIENCE ->
              "because %d epochs brought no lower perplexity"
                  .formatted(own.integer("train.patience"));
          case TIME -> "within its %s minutes".formatted(own.text("train.max-minutes"));
          case STOPPED -> throw new IllegalArgumentException("a stopped training has no model");
        },
        result.kept().epoch() + 1);
    for (Verdict.Check check : decision.verdict().checks()) {
      Console.say(
          "%-28s %12s, current %12s, must be %s: %s",
          check.name(),
          check.candidate(),
          check.current(),
          check.bound(),
          check.passed() ? "passed" : "failed");
    }
    Console.say(
        "the model lies in %s and is %s",
        registry.modelDir(ended.version()),
        decision.promoted() ? "the current one" : "refused: " + decision.verdict().reason());
    Console.json(line(ended, decision));
  }

  private Map<String, Object> line(Training.Ended ended, Promotion.Decision decision) {
    SortedMap<String, Double> metrics = ended.metrics();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("model", ended.version());
    line.put("path", registry.modelDir(ended.version()).toString());
    line.put("promoted", decision.promoted());
    for (String name :
        List.of("valid_perplexity", "valid_accuracy", "train_perplexity", "tokens_per_second")) {
      line.put(name, metrics.get(name));
    }
    decision.candidate().ifPresent(trial -> line.putAll(trial.measures().figures()));
    return line;
  }

  /** Settings that exclude each other are refused before any corpus is read. */
  private void requireModel() {
    Seq2SeqConfig model = Seq2SeqConfig.of(settings, settings.integer("text.vocabulary"));
    new TrainingSettings(settings).plan(model.vocabulary(), 1);
  }
}
