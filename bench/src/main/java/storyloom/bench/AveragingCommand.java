package storyloom.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.TemporaryShards;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.RecordedTraining;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.train.TrainingSettings;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

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
    Figures.printJson(figures, out);
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

  /**
   * A corpus as shards of ids, prepared once, cut for several numbers of workers: the same pairs
   * and the same vocabulary for all of them.
   */
  private static final class AblationShards implements AutoCloseable {

    private final TemporaryShards shards;
    private final Map<Integer, Path> train = new TreeMap<>();
    private final Path valid;
    private final int vocabulary;

    /**
     * Reads, cleans, splits and encodes the corpus that the settings name.
     *
     * @param limit pairs of the training split that are kept, the same ones each time; 0 for all
     * @param workers numbers of workers that there are to be shards for
     */
    AblationShards(
        ClusterSession cluster, Settings settings, int limit, Collection<Integer> workers) {
      TextSettings text = settings.textSettings();
      shards = new TemporaryShards(cluster.hadoop());
      try (Corpus corpus =
          Corpus.prepare(cluster.spark(), CorpusSettings.of(settings), report -> {})) {
        Dataset<Row> pairs = limited(corpus.train(), limit);
        Vocabulary words =
            VocabularyBuilder.build(
                pairs,
                text,
                settings.integer("text.min-count"),
                settings.integer("text.vocabulary"));
        vocabulary = words.size();
        try (PairEncoder encoder = new PairEncoder(cluster.spark(), text, words)) {
          JavaRDD<EncodedPair> encoded = encoder.encode(pairs).cache();
          for (int count : workers) {
            train.put(count, shards.write("train-" + count, encoded, count));
          }
          encoded.unpersist();
          valid = shards.write("valid", encoder.encode(corpus.valid()), cluster.slots());
        }
      } catch (RuntimeException failure) {
        shards.close();
        throw failure;
      }
    }

    private static Dataset<Row> limited(Dataset<Row> pairs, int limit) {
      return limit == 0
          ? pairs
          : pairs
              .orderBy(xxhash64(col(PairColumns.PROMPT), col(PairColumns.STORY)))
              .limit(limit)
              .cache();
    }

    /** The training pairs' shards, one for each worker. */
    Path train(int workers) {
      return train.get(workers);
    }

    /** The validation pairs' shards. */
    Path valid() {
      return valid;
    }

    /** V. */
    int vocabulary() {
      return vocabulary;
    }

    @Override
    public void close() {
      shards.close();
    }
  }
}
