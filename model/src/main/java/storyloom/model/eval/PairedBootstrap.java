package storyloom.model.eval;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * By how much two models differ in a figure, and how sure that is: stories are drawn with
 * replacement, as many as there are, the same ones for both models, and the figure is computed
 * again, many times over; 95 of 100 differences lie in the interval (percentile bootstrap: Efron
 * and Tibshirani 1993; paired over the texts, as Koehn 2004 compares translators).
 *
 * @param difference the first model's figure less the second one's
 * @param low lower bound
 * @param high upper bound
 */
public record PairedBootstrap(double difference, double low, double high) {

  /** How often stories are drawn anew. */
  public static final int RESAMPLES = 2000;

  private static final long SEED = 1;
  private static final double TAIL = 0.025;

  /**
   * A figure that is made of two sums over stories.
   *
   * @param parts of each story, summed above the line
   * @param wholes of each story, summed below it; a story with 0 adds nothing
   */
  public record Ratio(double[] parts, double[] wholes) {

    /**
     * @throws IllegalArgumentException if there are not as many of the one as of the other
     */
    public Ratio {
      if (parts.length != wholes.length) {
        throw new IllegalArgumentException(parts.length + " parts of " + wholes.length);
      }
    }
  }

  /**
   * Compares two models by the same stories.
   *
   * @param first of the one model
   * @param second of the other, story by story
   * @param figure of the ratio: {@code Math::exp} where it is a mean log probability
   * @return empty if a figure is no number, or there are fewer than two stories
   */
  public static Optional<PairedBootstrap> of(
      Ratio first, Ratio second, DoubleUnaryOperator figure) {
    int stories = first.parts().length;
    if (stories != second.parts().length) {
      throw new IllegalArgumentException(
          "%d stories cannot be compared with %d".formatted(stories, second.parts().length));
    }
    int[] all = new int[stories];
    Arrays.setAll(all, i -> i);
    double difference = difference(first, second, figure, all);
    if (stories < 2 || Double.isNaN(difference)) {
      return Optional.empty();
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] drawn = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      Arrays.setAll(all, i -> random.nextInt(stories));
      drawn[resample] = difference(first, second, figure, all);
    }
    // a draw may have nothing of what is rare
    double[] known = Arrays.stream(drawn).filter(Double::isFinite).sorted().toArray();
    if (known.length == 0) {
      return Optional.empty();
    }
    int tail = (int) (TAIL * known.length);
    return Optional.of(
        new PairedBootstrap(difference, known[tail], known[known.length - 1 - tail]));
  }

  /** Whether it may be chance which of the two has more. */
  public boolean isUnsure() {
    return low <= 0 && high >= 0;
  }

  private static double difference(
      Ratio first, Ratio second, DoubleUnaryOperator figure, int[] stories) {
    return figure.applyAsDouble(value(first, stories))
        - figure.applyAsDouble(value(second, stories));
  }

  private static double value(Ratio ratio, int[] stories) {
    double part = 0;
    double whole = 0;
    for (int story : stories) {
      part += ratio.parts()[story];
      whole += ratio.wholes()[story];
    }
    return part / whole;
  }
}
