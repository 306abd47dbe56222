package storyloom.jobs;

import java.time.Duration;
import java.util.Locale;
import storyloom.model.nn.kernel.TokenTally;
import storyloom.pipeline.train.EpochReport;
import storyloom.pipeline.train.RoundReport;
import storyloom.pipeline.train.TrainingProgress;

/** Says how a training goes: one line a round, two an epoch. */
final class ProgressLines implements TrainingProgress {

  private final int epochs;
  private double seconds;
  private long roundsDone;

  /**
   * @param epochs how many there will be
   */
  ProgressLines(int epochs) {
    this.epochs = epochs;
  }

  @Override
  public void roundDone(RoundReport report) {
    seconds += report.seconds();
    roundsDone++;
    long roundsLeft = (long) epochs * report.rounds() - roundsDone;
    Console.say(
        "epoch %d of %d, round %d of %d: %,.0f tokens/s, loss %.4f, rate %.3g, %s left",
        report.epoch() + 1,
        epochs,
        report.round() + 1,
        report.rounds(),
        report.tokensPerSecond(),
        report.tally().loss(),
        report.learningRate(),
        clock(seconds / roundsDone * roundsLeft));
  }

  @Override
  public void epochDone(EpochReport report) {
    sayEpoch(report, "train", report.train());
    sayEpoch(report, "valid", report.valid());
  }

  private void sayEpoch(EpochReport report, String split, TokenTally tally) {
    Console.say(
        "epoch %d of %d, %s: loss %.4f, perplexity %.2f, accuracy %.2f %%",
        report.epoch() + 1,
        epochs,
        split,
        tally.loss(),
        tally.perplexity(),
        100 * tally.accuracy());
  }

  /** Hours, minutes and seconds: {@code 1:02:03}. */
  static String clock(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}
