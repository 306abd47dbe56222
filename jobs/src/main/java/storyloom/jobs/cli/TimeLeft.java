package storyloom.jobs.cli;

import java.time.Duration;
import java.util.Locale;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** How long a training still goes on, by how long its rounds have taken so far. */
public final class TimeLeft {

  private final int epochs;
  private double seconds;
  private long rounds;

  /**
   * @param epochs how many there will be
   */
  public TimeLeft(int epochs) {
    this.epochs = epochs;
  }

  /** Hours, minutes and seconds that are left after a round: {@code 1:02:03}. */
  public String after(RoundReport report) {
    seconds += report.seconds();
    rounds++;
    long left = (long) (epochs - report.epoch()) * report.rounds() - report.round() - 1;
    return clock(seconds / rounds * left);
  }

  /** Seconds as hours, minutes and seconds. */
  public static String clock(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}
