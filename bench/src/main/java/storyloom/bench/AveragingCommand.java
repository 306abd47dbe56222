package storyloom.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.AblationShards;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.train.TrainingSettings;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

/**
 * {@code bin/bench averaging}: what averaging does to learning. Trains the same pairs for the same
 * number of epochs with each outer step, number of workers and averaging frequency, and one worker
 * for reference.
 */
@Command(
    name = "averaging",
    mixinStandardHelpOptions = true,
    description = "Compares outer steps, averaging frequencies and numbers of workers.",
    footer = {
      "%nThe corpus, the model and all else are those that the settings say, as for train.jar: --set"
          + " corpus.path=data --set model.hidden=64 --set train.epochs=5. The table is Markdown."
          + " A perplexity is that of the validation split after the last epoch."
    })
final class AveragingCommand implements Callable<Integer> {

  private static final String FREQUENCY = "train.averaging-frequency";
  private static final String OUTER_STEP = "train.outer-step";

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "2,4",
      description = "Default: ${DEFAULT-VALUE}")
  private List<Integer> workers;

  @Option(
      names = "--frequencies",
      split = ",",
      defaultValue = "1,5,20,50",
      description = "Minibatches of a worker in a round. Default: ${DEFAULT-VALUE}")
  private List<Integer> frequencies;

  @Option(
      names = "--steps",
      split = ",",
      defaultValue = "average,momentum,nesterov",
      description = "Default: ${DEFAULT-VALUE}")
  private List<String> steps;

  @Option(
      names = "--limit",
      defaultValue = "0",
      description = "Train on so many pairs of the corpus; 0 for all. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as for train.jar.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, as for train.jar. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Spec private CommandSpec command;

  private Settings settings;

  /** A training's outcome; one worker has neither step nor frequency. */
  private record Outcome(
      String step, Integer frequency, int workers, double perplexity, double best) {}

  @Override
  public Integer call() throws IOException {
    settings = Settings.load(Optional.ofNullable(config), assignments);
    if (Collections.min(workers) < 2 || limit < 0) {
      throw UserException.usage("--workers must be at least 2, and --limit at least 0");
    }
    frequencies.forEach(frequency -> settings.with(FREQUENCY, frequency.toString()));
    steps.forEach(step -> settings.with(OUTER_STEP, step));
    TreeSet<Integer> counts = new TreeSet<>(workers);
    counts.add(1);
    SparkConf conf = new SparkConf().set("spark.master", "local[2]");
    try (ClusterSession cluster = ClusterSession.start("storyloom bench averaging", conf);
        AblationShards shards = new AblationShards(cluster, settings, limit, counts)) {
      compare(cluster, shards);
    }
    return 0;
  }

  private void compare(ClusterSession cluster, AblationShards shards) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.println("| workers | minibatches a round | outer step | perplexity | to one worker |");
    out.println("| --- | --- | --- | --- | --- |");
    Outcome one = outcome(cluster, shards, settings, 1, null, null);
    List<Outcome> outcomes = new ArrayList<>(List.of(one));
    print(out, one, one);
    for (int count : workers) {
      for (int frequency : frequencies) {
        for (String step : steps) {
          Settings these =
              settings.with(FREQUENCY, Integer.toString(frequency)).with(OUTER_STEP, step);
          Outcome next = outcome(cluster, shards, these, count, frequency, step);
          outcomes.add(next);
          print(out, one, next);
        }
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("settings", settings.changed());
    figures.put("limit", limit);
    figures.put("outcomes", outcomes);
    out.println(new ObjectMapper().writeValueAsString(figures));
  }

  private static Outcome outcome(
      ClusterSession cluster,
      AblationShards shards,
      Settings settings,
      int workers,
      Integer frequency,
      String step) {
    TrainingPlan plan = new TrainingSettings(settings).plan(shards.vocabulary(), workers);
    List<EpochReport> epochs =
        RecordedTraining.run(cluster, plan, shards.train(workers), shards.valid()).epochs();
    double best =
        epochs.stream().mapToDouble(epoch -> epoch.valid().perplexity()).min().orElseThrow();
    double last = epochs.get(epochs.size() - 1).valid().perplexity();
    return new Outcome(step, frequency, workers, last, best);
  }

  private static void print(PrintWriter out, Outcome one, Outcome outcome) {
    out.printf(
        "| %d | %s | %s | %.3f | %+.1f %% |%n",
        outcome.workers(),
        outcome.frequency() == null ? "–" : outcome.frequency(),
        outcome.step() == null ? "–" : outcome.step(),
        outcome.perplexity(),
        100 * (outcome.perplexity() / one.perplexity() - 1));
    out.flush();
  }
}
