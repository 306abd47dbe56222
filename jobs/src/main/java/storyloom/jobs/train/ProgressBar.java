package storyloom.jobs.train;

import java.util.Locale;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.TimeLeft;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Shows on a terminal how a training goes: a bar for the rounds of an epoch, drawn again in place
 * after each, and two lines an epoch above it.
 */
final class ProgressBar implements ConsoleProgress {

  private static final int COLUMNS = 80;
  private static final int MOST_COLUMNS = 100;
  private static final int FEWEST_CELLS = 10;

  private final int epochs;
  private final int columns;
  private final TimeLeft timeLeft;
  private final ProgressLines lines;

  /**
   * @param epochs how many there will be
   * @param columns the terminal's width, as shells tell it; 80 if that is null or no number
   */
  ProgressBar(int epochs, String columns) {
    this.epochs = epochs;
    this.columns =
        columns != null && columns.matches("[0-9]{1,4}")
            ? Math.min(MOST_COLUMNS, Integer.parseInt(columns))
            : COLUMNS;
    this.timeLeft = new TimeLeft(epochs);
    this.lines = new ProgressLines(epochs);
  }

  @Override
  public void roundDone(RoundReport report) {
    String before = "epoch %d/%d [".formatted(report.epoch() + 1, epochs);
    String behind =
        String.format(
            Locale.ROOT,
            "] %d/%d  %,.0f tokens/s  loss %.4f  %s left",
            report.round() + 1,
            report.rounds(),
            report.tokensPerSecond(),
            report.tally().loss(),
            timeLeft.after(report));
    int cells = Math.max(FEWEST_CELLS, columns - before.length() - behind.length());
    int filled = (int) ((long) cells * (report.round() + 1) / report.rounds());
    Console.status(before + "#".repeat(filled) + "-".repeat(cells - filled) + behind);
  }

  @Override
  public void epochDone(EpochReport report) {
    lines.epochDone(report);
  }

  /** Takes the bar away; the lines stay. */
  @Override
  public void close() {
    Console.status("");
  }
}
