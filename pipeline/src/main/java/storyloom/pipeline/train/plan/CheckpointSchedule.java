package storyloom.pipeline.train.plan;

/**
 * When a training is saved, besides at its start and after each epoch.
 *
 * @param rounds after so many; 0 for any number
 * @param minutes after the first round that ends so long after the last checkpoint; 0 for any time
 * @param kept how many checkpoints stay, the newest ones
 */
public record CheckpointSchedule(int rounds, double minutes, int kept) {

  private static final double SECONDS = 60;

  /**
   * @throws IllegalArgumentException if none would stay
   */
  public CheckpointSchedule {
    if (kept < 1) {
      throw new IllegalArgumentException("train.checkpoints-kept must be at least 1, not " + kept);
    }
  }

  /** Whether it is time, so long after the last one. */
  public boolean isDue(int roundsSince, double secondsSince) {
    return (rounds > 0 && roundsSince >= rounds)
        || (minutes > 0 && secondsSince >= minutes * SECONDS);
  }
}
