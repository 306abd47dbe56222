package storyloom.jobs.tune;

import java.util.List;
import java.util.Optional;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.JobFailure;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.process.StopSignals;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.TrialRunner;
import storyloom.pipeline.tune.TrialScheduler;
import storyloom.pipeline.tune.Tuner;
import storyloom.pipeline.tune.Tuner.Ending;

/**
 * Searches to the end, reports to people and the record how it goes, and removes what no one needs.
 */
public final class Search {

  private static final double SECONDS = 60;

  private final ClusterSession cluster;
  private final TuningStart start;
  private final TrialRunner runner;

  /** Of this search, on this cluster. */
  public Search(ClusterSession cluster, TuningStart start) {
    this.cluster = cluster;
    this.start = start;
    this.runner =
        new TrialRunner(
            cluster.context(),
            start.record().plan(),
            start.trials(),
            start.folder().checkpoints(),
            start.folder().name());
  }

  /** What a result means for the files of the search. */
  private void keep() {
    TrialScheduler scheduler = start.record().scheduler();
    runner.keep(scheduler.living());
    scheduler.leaders().stream().findFirst().ifPresent(best -> BestSettings.write(start, best));
  }

  /**
   * Searches.
   *
   * @param watcher hears of everything besides, last
   * @return the best trial; empty if somebody has stopped the search, which can be resumed then
   * @throws JobFailure if no trial has come to a rung
   */
  public Optional<RungResult> run(Tuner.Listener watcher) {
    TrialRecord record = start.record();
    Ending ending;
    try (ConsoleTable console = new ConsoleTable(start)) {
      Tuner tuner =
          new Tuner(
              record.scheduler(),
              runner,
              this::slots,
              Tuner.Listener.all(List.of(record, result -> keep(), console, watcher)));
      try (StopSignals signals = new StopSignals(() -> stop(tuner))) {
        ending = tuner.run(secondsLeft());
      }
    }
    if (ending == Ending.STOPPED) {
      record.stopped();
      return Optional.empty();
    }
    RungResult best = record.scheduler().leaders().stream().findFirst().orElseThrow(this::nothing);
    BestSettings.write(start, best); // a driver may have been killed before it could
    return Optional.of(best);
  }

  private static void stop(Tuner tuner) {
    Console.remark("stopping: epochs that are done are saved …");
    tuner.stop();
  }

  /** One more than there is room for lets Spark add executors where it may. */
  private int slots() {
    Placement now = Placement.of(cluster.context(), start.trials().size());
    return now.slots() + (now.elastic() ? 1 : 0);
  }

  private double secondsLeft() {
    double minutes = start.settings().number("tune.max-minutes");
    return minutes == 0
        ? Double.POSITIVE_INFINITY
        : Math.max(0, minutes * SECONDS - start.record().seconds());
  }

  private JobFailure nothing() {
    return new JobFailure(
        start.record().scheduler().results().stream()
            .map(RungResult::reason)
            .findFirst()
            .map(reason -> "no trial has come to a number; the first one: " + reason)
            .orElse("no trial has come to its first rung within tune.max-minutes: set it higher"));
  }
}
