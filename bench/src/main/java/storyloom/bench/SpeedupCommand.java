package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.grammar.CorpusWriter;
import storyloom.bench.grammar.CorpusWriter.CorpusSize;
import storyloom.bench.grammar.Grammar;
import storyloom.bench.grammar.PairGenerator;
import storyloom.bench.grammar.PairGenerator.StoryLength;
import storyloom.bench.load.AblationShards;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.RecordedTraining;
import storyloom.bench.process.LocalCluster;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.train.TrainingSettings;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * {@code bin/bench speedup}: how much sooner a larger cluster has a model of a given validation
 * perplexity, and how many tokens that takes with more workers.
 */
@Command(
    name = "speedup",
    mixinStandardHelpOptions = true,
    description = "Measures the time to a validation perplexity on 1 and on 2 executors.",
    footer = {
      "%nExecutors have a core each and a JVM of their own, on a standalone cluster of this machine."
          + " The workers of the settings train on one executor and on two, one worker on one, and the"
          + " numbers of --workers on two. Settings are given as for train.jar; where they name no"
          + " corpus, it is made by the grammar of data/."
    })
final class SpeedupCommand implements Callable<Integer> {

  private static final String CORPUS = "corpus.path";

  @Option(
      names = "--target",
      defaultValue = "0",
      description =
          "The perplexity; 0 for the lowest that all trainings reach. Default: ${DEFAULT-VALUE}")
  private double target;

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "16,32",
      description = "More numbers of workers. Default: ${DEFAULT-VALUE}")
  private List<Integer> more;

  @Option(
      names = "--pairs",
      defaultValue = "4000",
      description = "Of the grammar, if no corpus is named. Default: ${DEFAULT-VALUE}")
  private int pairs;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as for train.jar.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, as for train.jar. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Spec private CommandSpec command;

  /** Who trains. */
  private record Cluster(int executors, int workers) {}

  @Override
  public Integer call() throws IOException {
    Settings given = Settings.load(Optional.ofNullable(config), assignments);
    if (target < 0 || pairs < 1) {
      throw UserException.usage("--target must be at least 0, and --pairs at least 1");
    }
    Set<Cluster> clusters = clusters(new TrainingSettings(given).workers(2));
    clusters.forEach(cluster -> new TrainingSettings(given).requireShares(cluster.workers()));
    Path folder = Files.createTempDirectory("storyloom-bench-speedup-");
    try (AblationShards shards = shards(named(given, folder), clusters)) {
      Map<Cluster, LearningCurve> curves = new LinkedHashMap<>();
      for (Cluster cluster : clusters) {
        curves.put(cluster, train(cluster, given, shards));
      }
      report(curves, clusters.iterator().next().workers());
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
    return 0;
  }

  /** Those that are compared first: the settings' own workers on one executor and on two. */
  private Set<Cluster> clusters(int workers) {
    Set<Cluster> clusters = new LinkedHashSet<>();
    clusters.add(new Cluster(1, workers));
    clusters.add(new Cluster(2, workers));
    clusters.add(new Cluster(1, 1));
    more.forEach(count -> clusters.add(new Cluster(2, count)));
    return clusters;
  }

  private Settings named(Settings settings, Path folder) throws IOException {
    if (settings.given().contains(CORPUS)) {
      return settings;
    }
    PairGenerator generator = new PairGenerator(Grammar.ofStories(), StoryLength.SHORT, 1);
    CorpusWriter.write(folder, generator, new CorpusSize(pairs));
    return settings.with(CORPUS, folder.toString());
  }

  private static AblationShards shards(Settings settings, Set<Cluster> clusters) {
    Set<Integer> workers = new TreeSet<>();
    clusters.forEach(cluster -> workers.add(cluster.workers()));
    SparkConf conf = new SparkConf().set("spark.master", "local[2]");
    try (ClusterSession session = ClusterSession.start("storyloom bench speedup", conf)) {
      return new AblationShards(session, settings, 0, workers);
    }
  }

  private static LearningCurve train(Cluster cluster, Settings settings, AblationShards shards) {
    try (LocalCluster machines = LocalCluster.start(cluster.executors())) {
      SparkConf conf = new SparkConf().set("spark.master", machines.url());
      try (ClusterSession session = ClusterSession.start("storyloom bench speedup", conf)) {
        TrainingPlan plan =
            new TrainingSettings(settings).plan(shards.vocabulary(), cluster.workers());
        return LearningCurve.of(
            RecordedTraining.run(session, plan, shards.train(cluster.workers()), shards.valid()),
            shards.vocabulary());
      }
    }
  }

  private void report(Map<Cluster, LearningCurve> curves, int workers) throws IOException {
    double reached =
        target > 0
            ? target
            : curves.values().stream().mapToDouble(LearningCurve::best).max().orElseThrow();
    PrintWriter out = command.commandLine().getOut();
    out.printf("To a validation perplexity of %.2f:%n", reached);
    out.printf("%-10s %8s %12s %14s %14s%n", "executors", "workers", "seconds", "tokens", "lowest");
    Map<Integer, Double> tokens = new TreeMap<>();
    curves.forEach(
        (cluster, curve) -> {
          String times = "%12s %14s".formatted("never", "");
          if (curve.best() <= reached) {
            LearningCurve.Point point = curve.reaching(reached);
            tokens.put(cluster.workers(), point.tokens());
            times = "%12.1f %14.0f".formatted(point.seconds(), point.tokens());
          }
          out.printf(
              "%-10d %8d %s %14.2f%n", cluster.executors(), cluster.workers(), times, curve.best());
        });
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("target", reached);
    figures.put(
        "time_ratio", ratio(curves, new Cluster(1, workers), new Cluster(2, workers), reached));
    figures.put(
        "time_ratio_to_one_worker",
        ratio(curves, new Cluster(1, 1), new Cluster(2, workers), reached));
    figures.put("tokens_to_target", tokens);
    Figures.printJson(figures, out);
  }

  /** How many times as long one takes as another; not a number if one never gets there. */
  private static double ratio(
      Map<Cluster, LearningCurve> curves, Cluster one, Cluster other, double perplexity) {
    LearningCurve slow = curves.get(one);
    LearningCurve fast = curves.get(other);
    return Math.max(slow.best(), fast.best()) > perplexity
        ? Double.NaN
        : slow.reaching(perplexity).seconds() / fast.reaching(perplexity).seconds();
  }
}
