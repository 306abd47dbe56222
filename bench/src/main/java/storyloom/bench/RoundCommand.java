package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.SharedOptions.ModelSize;
import storyloom.bench.load.SyntheticPairs;
import storyloom.bench.load.TemporaryShards;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.RecordedTraining;
import storyloom.bench.measure.RecordedTraining.TimedRound;
import storyloom.bench.peer.StockMaster;
import storyloom.bench.process.LocalCluster;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.UserException;
import storyloom.model.nn.config.Optimisation;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * {@code bin/bench round}: what a round of averaging costs besides training, with our master and
 * with DL4J's own, in turns, on the same network, pairs and workers.
 */
@Command(
    name = "round",
    mixinStandardHelpOptions = true,
    description = "Times a round of averaging, beside one of DL4J's own master.",
    footer = {
      "%nA round's overhead is its wall time less the time in which the busiest slot computed. Each"
          + " worker's part of a round is a minibatch of one short pair, so that little else is left."
          + " DL4J's own ParameterAveragingTrainingMaster trains the very same graph, with"
          + " saveUpdater(true), data in memory and no repartitioning. The first round of each turn"
          + " is left out. CPU is the processor time of this process, training included: all of it,"
          + " but with --cluster the driver's alone."
    })
final class RoundCommand implements Callable<Integer> {

  private static final int PROMPT = 4;
  private static final int STORY = 4;

  @Option(
      names = "--parameters",
      defaultValue = "12300000",
      description = "The model's size, as near as it can be met. Default: ${DEFAULT-VALUE}")
  private long parameters;

  @Option(names = "--workers", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
  private int workers;

  @Option(
      names = "--slots",
      description =
          "Tasks that run at a time; workers beyond them take turns. Default: as many as workers")
  private Integer slots;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Timed in each turn. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--turns",
      defaultValue = "2",
      description = "Of each master, one after the other. Default: ${DEFAULT-VALUE}")
  private int turns;

  @Option(
      names = "--cluster",
      description = "On a standalone cluster with an executor a slot, rather than in this process.")
  private boolean cluster;

  @Spec private CommandSpec command;

  private TrainingPlan plan;
  private List<EncodedPair> pairs;

  @Override
  public Integer call() throws IOException {
    slots = slots == null ? workers : slots;
    for (int number : new int[] {workers, slots, rounds, turns}) {
      if (number < 1) {
        throw UserException.usage("--workers, --slots, --rounds and --turns must be at least 1");
      }
    }
    plan =
        new TrainingPlan(
            ModelSize.nearest(parameters), new Optimisation(0.001, 5, 1), 1, workers, 1, workers);
    pairs = SyntheticPairs.ids(workers * (rounds + 1), plan.model().vocabulary(), PROMPT, STORY);
    if (cluster) {
      try (LocalCluster executors = LocalCluster.start(slots)) {
        measure(executors.url());
      }
    } else {
      measure("local[" + slots + "]");
    }
    return 0;
  }

  private void measure(String master) throws IOException {
    List<RoundReport> reports = new ArrayList<>();
    List<TimedRound> ours = new ArrayList<>();
    List<TimedRound> stock = new ArrayList<>();
    SparkConf conf = new SparkConf().set("spark.master", master);
    try (ClusterSession session = ClusterSession.start("storyloom bench round", conf);
        TemporaryShards shards = new TemporaryShards(session.hadoop())) {
      Path folder = shards.write("train", session.context().parallelize(pairs, workers), workers);
      for (int turn = 0; turn < turns; turn++) {
        RecordedTraining training = RecordedTraining.run(session, plan, folder, folder);
        reports.addAll(training.warmRounds());
        ours.addAll(training.warmTimes());
        stock.addAll(warm(StockMaster.run(session.context(), plan, slots, pairs)));
      }
    }
    report(master, reports, ours, stock);
  }

  private static List<TimedRound> warm(List<TimedRound> rounds) {
    return rounds.subList(1, rounds.size());
  }

  private void report(
      String master, List<RoundReport> reports, List<TimedRound> ours, List<TimedRound> stock)
      throws IOException {
    double own = TimedRound.median(ours, TimedRound::overhead);
    double stocks = TimedRound.median(stock, TimedRound::overhead);
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        "%,d parameters (V %d, E and H %d), %d workers, %d slots on %s; medians of %d rounds%n",
        ModelSize.parameters(plan.model()),
        plan.model().vocabulary(),
        plan.model().hidden(),
        workers,
        slots,
        cluster ? "a standalone cluster" : master,
        ours.size());
    out.printf("%-16s %12s %12s %12s %12s%n", "seconds", "round", "compute", "overhead", "CPU");
    print(out, "Storyloom", ours);
    print(out, "DL4J's own", stock);
    out.printf("%-16s %38.1f%n", "ratio", stocks / own);
    Map<String, Double> phases = new LinkedHashMap<>();
    phases.put("broadcast_seconds", median(reports, RoundReport.Times::broadcast));
    phases.put("reduce_seconds", median(reports, RoundReport.Times::reduce));
    phases.put("update_seconds", median(reports, RoundReport.Times::update));
    out.println("Storyloom's overhead: " + phases);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("parameters", ModelSize.parameters(plan.model()));
    figures.put("workers", workers);
    figures.put("slots", slots);
    figures.put("seconds_per_round", own);
    figures.put("stock_seconds_per_round", stocks);
    figures.put("ratio", stocks / own);
    figures.put("compute_seconds", TimedRound.median(ours, TimedRound::compute));
    figures.put("stock_compute_seconds", TimedRound.median(stock, TimedRound::compute));
    figures.put("cpu_seconds", TimedRound.median(ours, TimedRound::cpu));
    figures.put("stock_cpu_seconds", TimedRound.median(stock, TimedRound::cpu));
    figures.putAll(phases);
    Figures.printJson(figures, out);
  }

  private static double median(
      List<RoundReport> reports, ToDoubleFunction<RoundReport.Times> phase) {
    return Figures.median(reports.stream().map(RoundReport::times).mapToDouble(phase));
  }

  private static void print(PrintWriter out, String name, List<TimedRound> rounds) {
    out.printf(
        "%-16s %12.3f %12.3f %12.3f %12.3f%n",
        name,
        TimedRound.median(rounds, TimedRound::seconds),
        TimedRound.median(rounds, TimedRound::compute),
        TimedRound.median(rounds, TimedRound::overhead),
        TimedRound.median(rounds, TimedRound::cpu));
  }
}
