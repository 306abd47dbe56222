package storyloom.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** A training as {@code train.jar} does it, of which every report is kept and every round timed. */
public final class RecordedTraining implements TrainingProgress {

  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<TimedRound> times = new ArrayList<>();
  private final List<EpochReport> epochs = new ArrayList<>();
  private final List<Double> epochEnds = new ArrayList<>();
  private final long started = System.nanoTime();

  private double cpuSoFar = ProcessUsage.cpuSeconds();

  private RecordedTraining() {}

  /** Trains to the end, on shards that are written already. */
  public static RecordedTraining run(
      ClusterSession cluster, TrainingPlan plan, Path train, Path valid) {
    RecordedTraining recorded = new RecordedTraining();
    try (Trainer trainer = new Trainer(cluster.context(), plan, cluster.hadoop(), recorded)) {
      trainer.train(train, valid);
    }
    return recorded;
  }

  @Override
  public void roundDone(RoundReport report) {
    double cpu = ProcessUsage.cpuSeconds();
    rounds.add(report);
    times.add(new TimedRound(report.seconds(), report.times().compute(), cpu - cpuSoFar));
    cpuSoFar = cpu;
  }

  @Override
  public void epochDone(EpochReport report) {
    cpuSoFar = ProcessUsage.cpuSeconds(); // scoring is no part of the next round
    epochs.add(report);
    epochEnds.add((System.nanoTime() - started) / 1e9);
  }

  /** All rounds but the first, in which executors load classes and build their graphs. */
  public List<RoundReport> warmRounds() {
    return rounds.subList(1, rounds.size());
  }

  /** How long each of {@link #warmRounds} took. */
  public List<TimedRound> warmTimes() {
    return times.subList(1, times.size());
  }

  /**
   * Target tokens a second of this process's processor time, in {@link #warmRounds}; 0 if there was
   * but one round.
   */
  public double tokensPerCpuSecond() {
    return rounds.size() == 1
        ? 0
        : warmRounds().stream().mapToLong(round -> round.tally().tokens()).sum()
            / warmTimes().stream().mapToDouble(TimedRound::cpu).sum();
  }

  /** The reports of all epochs. */
  public List<EpochReport> epochs() {
    return epochs;
  }

  /** When each epoch had been trained and scored, in seconds since the start. */
  public List<Double> epochEnds() {
    return epochEnds;
  }

  /**
   * How long a round of averaging took.
   *
   * @param seconds from the state going out to the averaged state
   * @param compute seconds of training within that, of the slot with most of it
   * @param cpu processor time of this process, in seconds; on a cluster that is the driver's alone
   */
  public record TimedRound(double seconds, double compute, double cpu) {

    /** What averaging itself costs, in seconds. */
    public double overhead() {
      return seconds - compute;
    }

    /** The median of a figure over rounds. */
    public static double median(List<TimedRound> rounds, ToDoubleFunction<TimedRound> figure) {
      return Figures.median(rounds.stream().mapToDouble(figure));
    }
  }
}
