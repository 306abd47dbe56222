package storyloom.pipeline.train;

/**
 * When a training ends before its last epoch.
 *
 * @param patience epochs without a lower validation perplexity after which it ends; 0 for any
 *     number
 * @param maxMinutes of rounds, those before a resume included, within which it ends; 0 for any time
 */
public record TrainingLimits(int patience, double maxMinutes) {

  /** All epochs. */
  public static final TrainingLimits NONE = new TrainingLimits(0, 0);

  private static final double SECONDS = 60;

  /** Whether the last epochs have brought nothing. */
  boolean outOfPatience(TrainingPosition position) {
    return patience > 0 && position.epochsSinceBest() >= patience;
  }

  /** Whether another round like the last would end too late. */
  boolean outOfTime(TrainingPosition position, RoundReport last) {
    return maxMinutes > 0 && position.trainingSeconds() + last.seconds() > maxMinutes * SECONDS;
  }
}
