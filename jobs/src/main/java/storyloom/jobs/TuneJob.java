package storyloom.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import storyloom.jobs.models.Housekeeping;
import storyloom.jobs.report.TuningReport;
import storyloom.jobs.tracking.ExperimentTracker;
import storyloom.jobs.tracking.TuningTracker;
import storyloom.jobs.tune.Search;
import storyloom.jobs.tune.TuningSettings;
import storyloom.jobs.tune.TuningStart;
import storyloom.model.ExitStatus;
import storyloom.model.registry.HomeLock;
import storyloom.model.settings.Settings;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchSpace;

/** Finds settings that learn a corpus well: {@code spark-submit jobs/tune.jar}. */
@Command(
    name = "spark-submit jobs/tune.jar",
    description =
        "Tries settings on a corpus of prompts and stories, and writes the best ones as a file for"
            + " train.jar.")
public final class TuneJob implements Callable<Integer> {

  @Mixin private CommonOptions.OfJob options;

  @Option(
      names = "--resume",
      description =
          "Resume the newest search under home that was stopped or died, with its own settings."
              + " What is trained already is not trained again.")
  private boolean resume;

  private TuneJob() {}

  /** Runs the command and ends the process as {@link Outcome#end} says. */
  public static void main(String[] args) {
    CommandRunner.run(new TuneJob(), args).end();
  }

  /** Runs the command; gives its exit status. */
  public static int run(String... args) {
    return CommandRunner.run(new TuneJob(), args).status();
  }

  @Override
  public Integer call() {
    Settings settings = options.settings();
    ExperimentTracker.requireUsable(settings);
    TuningSettings tuning = new TuningSettings(settings);
    SearchSpace.Draws draws =
        resume ? new SearchSpace.Draws(List.of(), 0) : tuning.draws(); // refuses before any job
    try (ClusterSession cluster =
        ClusterSession.start("storyloom tune", options, files -> tuning.memory(draws.trials()))) {
      cluster.requireShared(settings.text("home"));
      try (HomeLock lock = Housekeeping.lock(settings, cluster.hadoop())) {
        Housekeeping housekeeping = new Housekeeping(settings, cluster.hadoop());
        housekeeping.prune();
        int status = tune(cluster, settings, draws);
        Console.remark(housekeeping.diskUse());
        return status;
      }
    }
  }

  private int tune(ClusterSession cluster, Settings settings, SearchSpace.Draws draws) {
    try (TuningStart start = TuningStart.of(cluster, settings, draws, resume);
        TuningTracker tracker = TuningTracker.of(start, resume)) {
      long excluded = start.record().header().excluded();
      Console.say(
          "tuning %s: %d trials, %s%s",
          start.folder().name(),
          start.trials().size(),
          start.record().plan().kind(),
          excluded == 0
              ? ""
              : "; %d combinations passed over, whose settings exclude each other or make a model that another makes"
                  .formatted(excluded));
      cluster.requireRoom(
          new TuningSettings(start.settings()).memory(start.record().header().trials()));
      Optional<RungResult> best = new Search(cluster, start).run(tracker);
      if (best.isEmpty()) {
        tracker.stopped();
        Console.say("stopped; --resume continues the tuning %s", start.folder().name());
        return ExitStatus.STOPPED;
      }
      double seconds = start.record().seconds(); // the page's stories are no part of the search
      new TuningReport(cluster).write(start);
      tracker.done(best.get());
      start.record().done();
      start.folder().removeCheckpoints();
      say(start, best.get(), seconds);
      return ExitStatus.DONE;
    }
  }

  private static void say(TuningStart start, RungResult best, double seconds) {
    List<RungResult> results = start.record().scheduler().results();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("tuning", start.folder().name());
    line.put("trials", start.trials().size());
    line.put("failed", results.stream().filter(RungResult::isFailure).count());
    line.put("excluded", start.record().header().excluded());
    line.put("rungs", results.size());
    line.put("trial_seconds", results.stream().mapToDouble(RungResult::taskSeconds).sum());
    line.put("seconds", seconds);
    line.put("best_trial", best.trial() + 1);
    line.put("perplexity_per_word", best.bestPerplexity());
    line.put("best", start.folder().best().toString());
    line.put("report", start.folder().report().toString());
    Console.json(line);
  }
}
