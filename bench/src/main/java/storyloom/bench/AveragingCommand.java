package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.AblationShards;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.RecordedTraining;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.train.TrainingSettings;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * {@code bin/bench averaging}: what averaging does to learning. Trains the same pairs for the same
 * number of epochs with each number of workers, size of a minibatch, averaging frequency and outer
 * step.
 */
@Command(
    name = "averaging",
    mixinStandardHelpOptions = true,
    description =
        "Compares numbers of workers, minibatches, averaging frequencies and outer steps.",
    footer = {
      "%nThe corpus, the model and all else are those that the settings say, as for train.jar: --set"
          + " corpus.path=data --set model.hidden=64 --set train.epochs=5. The table is Markdown."
          + " A perplexity is that of the validation split after the last epoch, the mean over seeds."
    })
final class AveragingCommand implements Callable<Integer> {

  private static final String WORKERS = "train.workers";
  private static final String BATCH = "train.batch";
  private static final String FREQUENCY = "train.averaging-frequency";
  private static final String OUTER_STEP = "train.outer-step";
  private static final String SEED = AveragingRow.Kind.SEED;

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "1,2,4,8",
      description = "Default: ${DEFAULT-VALUE}")
  private List<Integer> workers;

  @Option(
      names = "--batches",
      split = ",",
      defaultValue = "64",
      description = "Pairs that all workers take a step together. Default: ${DEFAULT-VALUE}")
  private List<Integer> batches;

  @Option(
      names = "--frequencies",
      split = ",",
      defaultValue = "5,20,50",
      description = "Minibatches in a round. Default: ${DEFAULT-VALUE}")
  private List<Integer> frequencies;

  @Option(
      names = "--steps",
      split = ",",
      defaultValue = "average,nesterov",
      description = "Default: ${DEFAULT-VALUE}")
  private List<String> steps;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1",
      description = "A training for each. Default: ${DEFAULT-VALUE}")
  private List<Integer> seeds;

  @Option(
      names = "--limit",
      defaultValue = "0",
      description = "Train on so many pairs of the corpus; 0 for all. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Append each training as a line of JSON; those it has are not trained again.")
  private Path out;

  @Option(
      names = "--slots",
      defaultValue = "2",
      description = "Tasks at a time; they change no perplexity. Default: ${DEFAULT-VALUE}")
  private int slots;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as for train.jar.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, as for train.jar. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Spec private CommandSpec command;

  private List<AveragingRow> known = List.of();

  @Override
  public Integer call() throws IOException {
    Settings settings = Settings.load(Optional.ofNullable(config), assignments);
    if (limit < 0 || slots < 1) {
      throw UserException.usage("--limit must be at least 0, and --slots at least 1");
    }
    List<Settings> trainings = trainings(settings);
    known = out == null ? List.of() : AveragingRow.read(out);
    SparkConf conf = new SparkConf().set("spark.master", "local[" + slots + "]");
    try (ClusterSession cluster = ClusterSession.start("storyloom bench averaging", conf);
        AblationShards shards = new AblationShards(cluster, settings, limit, workers)) {
      compare(cluster, shards, trainings);
    }
    return 0;
  }

  /** All combinations, the seeds of each beside one another; all values are in their ranges. */
  private List<Settings> trainings(Settings settings) {
    List<Settings> trainings = new ArrayList<>();
    for (int count : workers) {
      for (int batch : batches) {
        requireShares(batch, count);
        Settings sized = settings.with(WORKERS, text(count)).with(BATCH, text(batch));
        for (Settings averaged : count == 1 ? List.of(sized) : averaged(sized)) {
          seeds.forEach(seed -> trainings.add(averaged.with(SEED, text(seed))));
        }
      }
    }
    return trainings;
  }

  /** Refuses what workers cannot share, before any work. */
  private static void requireShares(int batch, int workers) {
    BatchSize.ofPairs(batch).sharedBy(workers);
  }

  private List<Settings> averaged(Settings settings) {
    return frequencies.stream()
        .map(frequency -> settings.with(FREQUENCY, text(frequency)))
        .flatMap(these -> steps.stream().map(step -> these.with(OUTER_STEP, step)))
        .toList();
  }

  private static String text(int number) {
    return Integer.toString(number);
  }

  /** One worker has neither rounds nor an outer step that matter. */
  private static SortedMap<String, String> deciding(Settings settings) {
    return AveragingRow.deciding(
        settings,
        settings.integer(WORKERS) == 1
            ? List.of(WORKERS, BATCH, SEED)
            : List.of(WORKERS, BATCH, FREQUENCY, OUTER_STEP, SEED));
  }

  private void compare(ClusterSession cluster, AblationShards shards, List<Settings> trainings)
      throws IOException {
    PrintWriter table = command.commandLine().getOut();
    table.println(
        "| workers | batch | minibatches a round | outer step | perplexity | seeds"
            + " | tokens a CPU second |");
    table.println("| --- | --- | --- | --- | --- | --- | --- |");
    Map<AveragingRow.Kind, List<AveragingRow>> kinds = new LinkedHashMap<>();
    for (Settings training : trainings) {
      AveragingRow row = row(cluster, shards, training);
      List<AveragingRow> alike = kinds.computeIfAbsent(row.kind(), kind -> new ArrayList<>());
      alike.add(row);
      if (alike.size() == seeds.size()) {
        print(table, alike);
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("rows", kinds.values().stream().flatMap(List::stream).toList());
    Figures.printJson(figures, table);
  }

  private AveragingRow row(ClusterSession cluster, AblationShards shards, Settings settings) {
    SortedMap<String, String> deciding = deciding(settings);
    Optional<AveragingRow> before =
        known.stream().filter(row -> row.isOf(deciding, limit)).findFirst();
    if (before.isPresent()) {
      return before.get();
    }
    int count = settings.integer(WORKERS);
    TrainingPlan plan = new TrainingSettings(settings).plan(shards.vocabulary(), count);
    RecordedTraining training =
        RecordedTraining.run(cluster, plan, shards.train(count), shards.valid());
    List<Double> perplexities =
        training.epochs().stream().map(epoch -> epoch.valid().perplexity()).toList();
    AveragingRow row =
        new AveragingRow(deciding, limit, perplexities, training.tokensPerCpuSecond());
    if (out != null) {
      row.append(out);
    }
    return row;
  }

  private static void print(PrintWriter table, List<AveragingRow> alike) {
    SortedMap<String, String> settings = alike.get(0).settings();
    table.printf(
        "| %s | %s | %s | %s | %.2f | %d | %s |%n",
        settings.get(WORKERS),
        settings.get(BATCH),
        settings.getOrDefault(FREQUENCY, "–"),
        settings.getOrDefault(OUTER_STEP, "–"),
        alike.stream().mapToDouble(AveragingRow::perplexity).average().orElseThrow(),
        alike.size(),
        pace(alike));
    table.flush();
  }

  /** The mean of those that know theirs. */
  private static String pace(List<AveragingRow> alike) {
    OptionalDouble mean =
        alike.stream()
            .mapToDouble(AveragingRow::tokensPerCpuSecond)
            .filter(each -> each > 0)
            .average();
    return mean.isPresent() ? "%,.0f".formatted(mean.getAsDouble()) : "–";
  }
}
