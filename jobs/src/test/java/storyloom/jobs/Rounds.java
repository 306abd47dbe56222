package storyloom.jobs;

import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** Reports of rounds. */
public final class Rounds {

  private Rounds() {}

  /** A round of 2,000 tokens with a loss of 2 and an accuracy of a half. */
  public static RoundReport round(int epoch, int round, int rounds, double seconds) {
    return new RoundReport(
        epoch,
        round,
        rounds,
        new LossTally(4000, 2000, 1000),
        new RoundReport.Times(seconds / 8, seconds / 2, seconds / 4, seconds / 8),
        0.001,
        0.75);
  }
}
