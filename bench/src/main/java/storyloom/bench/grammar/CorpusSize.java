package storyloom.bench.grammar;

/**
 * How many pairs a corpus has: beside those to train on, 6 % as many to validate and 4 % as many to
 * test, one at least.
 *
 * @param trainPairs the pairs of the training split
 */
public record CorpusSize(long trainPairs) {

  private static final double VALID_SHARE = 0.06;
  private static final double TEST_SHARE = 0.04;

  /**
   * @throws IllegalArgumentException if there is no pair to train on
   */
  public CorpusSize {
    if (trainPairs < 1) {
      throw new IllegalArgumentException(
          "a corpus needs at least 1 training pair, not " + trainPairs);
    }
  }

  /** The number of pairs in that split. */
  public long pairs(CorpusSplit split) {
    return switch (split) {
      case TRAIN -> trainPairs;
      case VALID -> Math.max(1, Math.round(trainPairs * VALID_SHARE));
      case TEST -> Math.max(1, Math.round(trainPairs * TEST_SHARE));
    };
  }
}
