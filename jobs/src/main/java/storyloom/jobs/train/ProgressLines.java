package storyloom.jobs.train;

import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.TimeLeft;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** Says how a training goes: one line a round, two an epoch. */
final class ProgressLines implements ConsoleProgress {

  private final int epochs;
  private final TimeLeft timeLeft;

  /**
   * @param epochs how many there will be
   */
  ProgressLines(int epochs) {
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
