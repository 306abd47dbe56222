package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.SyntheticPairs;
import storyloom.bench.load.TemporaryShards;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.RecordedTraining;
import storyloom.bench.measure.RecordedTraining.TimedRound;
import storyloom.bench.process.LocalCluster;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.UserException;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * {@code bin/bench scale}: how fast the same pairs are trained on by one executor and by several,
 * each of one core and in a JVM of its own, on a standalone cluster of this machine.
 */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = "Trains the same synthetic pairs on clusters of 1, 2, … executors of one core.",
    footer = {
      "%nAll clusters train on the same pairs, one epoch, with a worker on each executor: twice the"
          + " executors take half the rounds, or, with --divide, rounds of half the work for each. Figures are medians over rounds; the first round of each cluster is left out."
          + " While computing: what all executors together would do if averaging took no time."
    })
final class ScaleCommand implements Callable<Integer> {

  /** Of each executor, which has one core. */
  private static final int THREADS = 1;

  @Option(
      names = "--executors",
      split = ",",
      defaultValue = "1,2",
      description = "Default: ${DEFAULT-VALUE}")
  private List<Integer> executors;

  @Mixin private SharedOptions.ModelSize size;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Pairs that each executor takes a step. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(names = "--divide", description = "All executors together take --batch pairs a step.")
  private boolean divide;

  @Option(
      names = "--frequency",
      defaultValue = "20",
      description = "Minibatches in a round. Default: ${DEFAULT-VALUE}")
  private int frequency;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Timed on the largest cluster. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--prompt",
      defaultValue = "10",
      description = "Tokens of a prompt. Default: ${DEFAULT-VALUE}")
  private int prompt;

  @Option(
      names = "--story",
      defaultValue = "45",
      description = "Tokens of a story. Default: ${DEFAULT-VALUE}")
  private int story;

  @Spec private CommandSpec command;

  /** A cluster's medians: target tokens in a second, and the share of time that is not compute. */
  private record Speed(double tokens, double whileComputing, double overhead) {}

  @Override
  public Integer call() throws IOException {
    for (int number :
        new int[] {Collections.min(executors), batch, frequency, rounds, prompt, story}) {
      if (number < 1) {
        throw UserException.usage("all numbers must be at least 1, not " + number);
      }
    }
    Seq2SeqConfig model = size.config();
    int most = Collections.max(executors);
    List<EncodedPair> pairs =
        SyntheticPairs.ids(
            pairsOfAStep(most) * frequency * (rounds + 1), size.vocabulary(), prompt, story);
    Map<Integer, Speed> speeds = new TreeMap<>();
    for (int count : executors) {
      TrainingPlan plan =
          new TrainingPlan(
              model, new Optimisation(0.001, 5, 1), 1, pairsOfAStep(count), frequency, count);
      try (LocalCluster cluster = LocalCluster.start(count)) {
        speeds.put(count, measure(cluster, plan, pairs));
      }
    }
    report(speeds);
    return 0;
  }

  private int pairsOfAStep(int count) {
    return divide ? batch : batch * count;
  }

  private static Speed measure(LocalCluster cluster, TrainingPlan plan, List<EncodedPair> pairs) {
    SparkConf conf = new SparkConf().set("spark.master", cluster.url());
    try (ClusterSession session = ClusterSession.start("storyloom bench scale", conf);
        TemporaryShards shards = new TemporaryShards(session.hadoop())) {
      if (session.slots() != plan.workers()) {
        throw new IllegalStateException(
            "%d executors of one core were started, and %d came"
                .formatted(plan.workers(), session.slots()));
      }
      int workers = plan.workers();
      Path train = shards.write("train", session.context().parallelize(pairs, workers), workers);
      Path valid =
          shards.write(
              "valid",
              session.context().parallelize(pairs.subList(0, plan.batch().pairs())),
              workers);
      return speed(RecordedTraining.run(session, plan, train, valid));
    }
  }

  private static Speed speed(RecordedTraining training) {
    double overhead =
        TimedRound.median(training.warmTimes(), time -> time.overhead() / time.seconds());
    double speed =
        Figures.median(training.warmRounds().stream().mapToDouble(RoundReport::tokensPerSecond));
    return new Speed(speed, speed / (1 - overhead), overhead);
  }

  private void report(Map<Integer, Speed> speeds) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        "%-10s %14s %10s %18s %18s%n",
        "executors", "tokens/s", "ratio", "while computing", "not computing");
    double first = speeds.values().iterator().next().tokens();
    Map<Integer, Double> tokens = new TreeMap<>();
    Map<Integer, Double> overheads = new TreeMap<>();
    speeds.forEach(
        (count, speed) -> {
          tokens.put(count, speed.tokens());
          overheads.put(count, speed.overhead());
          out.printf(
              "%-10d %14.0f %10.2f %18.0f %17.1f%%%n",
              count,
              speed.tokens(),
              speed.tokens() / first,
              speed.whileComputing(),
              100 * speed.overhead());
        });
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokens_per_second", tokens);
    figures.put("ratio", tokens.get(Collections.max(tokens.keySet())) / first);
    figures.put("overhead_share", overheads);
    figures.put("averaging_frequency", frequency);
    figures.put("batch", batch);
    figures.put("divide", divide);
    figures.put("threads", THREADS);
    figures.put("precision", "float32");
    figures.put("vocabulary", size.vocabulary());
    figures.put("adaptive", size.adaptive());
    Figures.printJson(figures, out);
  }
}
