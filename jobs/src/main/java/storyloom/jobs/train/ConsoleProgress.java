package storyloom.jobs.train;

import java.util.Locale;
import storyloom.jobs.cli.Console;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** Shows on stdout how a training goes, until closed. */
interface ConsoleProgress extends TrainingProgress, AutoCloseable {

  /**
   * A bar on a terminal, lines elsewhere.
   *
   * @param epochs how many there will be
   */
  static ConsoleProgress of(int epochs) {
    return Console.isTerminal() ? new Bar(epochs, System.getenv("COLUMNS")) : new Lines(epochs);
  }

  @Override
  void close();

  /** Says how a training goes: one line a round, two an epoch. */
  final class Lines implements ConsoleProgress {

    private final int epochs;
    private final TimeLeft timeLeft;

    /**
     * @param epochs how many there will be
     */
    Lines(int epochs) {
      this.epochs = epochs;
      this.timeLeft = new TimeLeft(epochs);
    }

    @Override
    public void roundDone(RoundReport report) {
      Console.say(
          "epoch %d of %d, round %d of %d: %,.0f tokens/s, loss %.4f, rate %.3g, %s left",
          report.epoch() + 1,
          epochs,
          report.round() + 1,
          report.rounds(),
          report.tokensPerSecond(),
          report.tally().loss(),
          report.learningRate(),
          timeLeft.after(report));
    }

    @Override
    public void epochDone(EpochReport report) {
      sayEpoch(report, "train", report.train());
      sayEpoch(report, "valid", report.valid());
    }

    private void sayEpoch(EpochReport report, String split, LossTally tally) {
      Console.say(
          "epoch %d of %d, %s: loss %.4f, perplexity %.2f, accuracy %.2f %%",
          report.epoch() + 1,
          epochs,
          split,
          tally.loss(),
          tally.perplexity(),
          100 * tally.accuracy());
    }

    /** Does nothing: the lines stay. */
    @Override
    public void close() {}
  }

  /**
   * Shows on a terminal how a training goes: a bar for the rounds of an epoch, drawn again in place
   * after each, and two lines an epoch above it.
   */
  final class Bar implements ConsoleProgress {

    private static final int COLUMNS = 80;
    private static final int MOST_COLUMNS = 100;
    private static final int FEWEST_CELLS = 10;

    private final int epochs;
    private final int columns;
    private final TimeLeft timeLeft;
    private final Lines lines;

    /**
     * @param epochs how many there will be
     * @param columns the terminal's width, as shells have it; 80 if that is null or no number
     */
    Bar(int epochs, String columns) {
      this.epochs = epochs;
      this.columns =
          columns != null && columns.matches("[0-9]{1,4}")
              ? Math.min(MOST_COLUMNS, Integer.parseInt(columns))
              : COLUMNS;
      this.timeLeft = new TimeLeft(epochs);
      this.lines = new Lines(epochs);
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

  /** How long a training still goes on, by how long its rounds have taken so far. */
  final class TimeLeft {

    private final int epochs;
    private double seconds;
    private long rounds;

    /**
     * @param epochs how many there will be
     */
    TimeLeft(int epochs) {
      this.epochs = epochs;
    }

    /** Hours, minutes and seconds that are left after a round: {@code 1:02:03}. */
    String after(RoundReport report) {
      seconds += report.seconds();
      rounds++;
      long left = (long) (epochs - report.epoch()) * report.rounds() - report.round() - 1;
      return Console.duration(seconds / rounds * left);
    }
  }
}
