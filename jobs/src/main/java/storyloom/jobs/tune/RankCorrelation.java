package storyloom.jobs.tune;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How far two things go up and down together, by their ranks (Spearman's ρ), and how sure that is:
 * by Fisher's transformation, ρ of many such samples lies between {@code low} and {@code high} in
 * 95 of 100.
 *
 * @param rho from −1, one falls as the other rises, to 1; NaN if either is always the same
 * @param low lower bound
 * @param high upper bound
 * @param count of pairs
 */
public record RankCorrelation(double rho, double low, double high, int count) {

  /** Of a normal distribution, for 95 of 100. */
  private static final double WIDTH = 1.96;

  /** Ranks vary a little more than values do (Fieller, Hartley and Pearson 1957). */
  private static final double OF_RANKS = 1.06;

  /** With so few pairs nothing is known. */
  private static final int FEW = 4;

  /** Of pairs x[i], y[i]; equal values share their mean rank. */
  public static RankCorrelation of(List<Double> x, List<Double> y) {
    if (x.size() != y.size()) {
      throw new IllegalArgumentException(x.size() + " and " + y.size() + " values");
    }
    int count = x.size();
    double rho = pearson(ranks(x), ranks(y));
    if (count < FEW || Double.isNaN(rho)) {
      return new RankCorrelation(rho, -1, 1, count);
    }
    double certain = Math.max(-1 + 1e-9, Math.min(1 - 1e-9, rho));
    double z = 0.5 * Math.log((1 + certain) / (1 - certain));
    double half = WIDTH * Math.sqrt(OF_RANKS / (count - 3));
    return new RankCorrelation(rho, Math.tanh(z - half), Math.tanh(z + half), count);
  }

  /** Whether even the direction is a guess. */
  public boolean isUnsure() {
    return Double.isNaN(rho) || (low <= 0 && high >= 0);
  }

  private static double[] ranks(List<Double> values) {
    return values.stream()
        .mapToDouble(
            value ->
                values.stream().filter(other -> other < value).count()
                    + (values.stream().filter(other -> other.equals(value)).count() + 1) / 2.0)
        .toArray();
  }

  private static double pearson(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double product = 0;
    double squaresX = 0;
    double squaresY = 0;
    for (int i = 0; i < x.length; i++) {
      product += (x[i] - meanX) * (y[i] - meanY);
      squaresX += (x[i] - meanX) * (x[i] - meanX);
      squaresY += (y[i] - meanY) * (y[i] - meanY);
    }
    return squaresX == 0 || squaresY == 0 ? Double.NaN : product / Math.sqrt(squaresX * squaresY);
  }

  private static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(0);
  }
}
