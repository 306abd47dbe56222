package storyloom.pipeline.train.plan;

import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * When a training ends before its last epoch.
 *
 * @param patience epochs without a lower validation perplexity after which it ends; 0 for any
 *     number
 * @param maxMinutes of rounds, those before a resume included, within which it ends; 0 for any time
 * @param maxRounds of all epochs together, after which it ends; 0 for any number
 */
public record TrainingLimits(int patience, double maxMinutes, long maxRounds) {

  /** All epochs. */
  public static final TrainingLimits NONE = new TrainingLimits(0, 0, 0);

  private static final double SECONDS = 60;

  /** Without a limit to the rounds. */
  public TrainingLimits(int patience, double maxMinutes) {
    this(patience, maxMinutes, 0);
  }

  /** What the settings say. */
  public static TrainingLimits of(Settings settings) {
    return new TrainingLimits(
        settings.integer("train.patience"), settings.number("train.max-minutes"));
  }

  /** Whether the last epochs have brought nothing. */
  public boolean outOfPatience(TrainingPosition position) {
    return patience > 0 && position.epochsSinceBest() >= patience;
  }

  /** Whether another round like the last would end too late. */
  public boolean outOfTime(TrainingPosition position, RoundReport last) {
    return maxMinutes > 0 && position.trainingSeconds() + last.seconds() > maxMinutes * SECONDS;
  }

  /** Whether a round was the last one. */
  public boolean outOfRounds(RoundReport last) {
    long done = (long) last.epoch() * last.rounds() + last.round() + 1;
    return maxRounds > 0 && done >= maxRounds;
  }
}
