package storyloom.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import storyloom.bench.measure.ProcessUsage;
import storyloom.bench.measure.TimedRound;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** A training as {@code train.jar} does it, of which every report is kept. */
final class RecordedTraining implements TrainingProgress {

  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<TimedRound> times = new ArrayList<>();
  private final List<EpochReport> epochs = new ArrayList<>();

  private double cpuSoFar = ProcessUsage.cpuSeconds();

  private RecordedTraining() {}

  /** Trains to the end, on shards that are written already. */
  static RecordedTraining run(ClusterSession cluster, TrainingPlan plan, Path train, Path valid) {
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
    epochs.add(report);
  }

  /** All rounds but the first, in which executors load classes and build their graphs. */
  List<RoundReport> warmRounds() {
    return rounds.subList(1, rounds.size());
  }

  /** How long each of {@link #warmRounds} took. */
  List<TimedRound> warmTimes() {
    return times.subList(1, times.size());
  }

  List<EpochReport> epochs() {
    return epochs;
  }
}
