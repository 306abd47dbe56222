package storyloom.jobs.tune;

import java.util.stream.Collectors;
import storyloom.jobs.cli.Console;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.TrialScheduler.Job;
import storyloom.pipeline.tune.Tuner;

/**
 * Shows on stdout how a search goes, until closed: a line for each rung that a trial has come to
 * and, on a terminal, below them the table of the leaders, drawn again in place.
 */
public final class ConsoleTable implements Tuner.Listener, AutoCloseable {

  private static final int LEADERS = 8;

  private final TuningStart start;
  private final LeaderTable table;

  /** Shows this search. */
  public ConsoleTable(TuningStart start) {
    this.start = start;
    this.table = new LeaderTable(start);
  }

  @Override
  public void begun(Job job) {
    draw();
  }

  @Override
  public void ended(RungResult result) {
    SearchPlan plan = start.record().plan();
    String settings =
        start.trials().get(result.trial()).values().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" "));
    Console.say(
        "trial %d of %d, epoch %d: %s; %s",
        result.trial() + 1,
        plan.trials(),
        plan.rungs().get(result.rung()),
        result.isFailure()
            ? result.reason()
            : "%s %.4g, %.1f s"
                .formatted(
                    plan.objective().words(), plan.objective().value(result), result.taskSeconds()),
        settings);
    draw();
  }

  private void draw() {
    if (Console.isTerminal()) {
      Console.status(table.lines(start.record().seconds(), LEADERS));
    }
  }

  /** Takes the table away and leaves its last state as lines. */
  @Override
  public void close() {
    if (Console.isTerminal()) {
      Console.status("");
    }
    table.lines(start.record().seconds(), LEADERS).forEach(line -> Console.say(line));
  }
}
