package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import storyloom.model.eval.PairedBootstrap.Ratio;

class PairedBootstrapTest {

  /** Stories of which so many of a hundred have something, spread by a seed. */
  private static Ratio share(int stories, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] ones = new double[stories];
    Arrays.fill(ones, 1);
    return new Ratio(
        IntStream.range(0, stories).mapToDouble(i -> random.nextDouble() < share ? 1 : 0).toArray(),
        ones);
  }

  private static PairedBootstrap of(Ratio first, Ratio second) {
    return PairedBootstrap.of(first, second, DoubleUnaryOperator.identity()).orElseThrow();
  }

  /** The standard error of such a difference is √(0.69 · 0.31 / 500 + 0.66 · 0.34 / 500) = 3 %. */
  @Test
  void threePointsOfFiveHundredStoriesMayBeChance() {
    PairedBootstrap compared = of(share(500, 0.69, 1), share(500, 0.66, 2));

    assertThat(compared.isUnsure()).isTrue();
    assertThat(compared.high() - compared.low()).isCloseTo(2 * 1.96 * 0.0296, within(0.02));
  }

  @Test
  void whatOneModelHasInEveryStoryIsNoChance() {
    double[] words = {10, 20, 30, 40};
    Ratio better = new Ratio(new double[] {30, 61, 92, 119}, words);
    Ratio worse = new Ratio(new double[] {31, 63, 95, 123}, words);

    PairedBootstrap compared = PairedBootstrap.of(better, worse, Math::exp).orElseThrow();

    assertThat(compared.difference())
        .isCloseTo(Math.exp(302 / 100.0) - Math.exp(312 / 100.0), within(1e-9));
    assertThat(compared.isUnsure()).isFalse();
    assertThat(compared.high()).isNegative();
  }

  /** The stories of both models are hard and easy together, which cancels out. */
  @Test
  void pairsAreSurerThanStoriesByThemselves() {
    Ratio model = share(300, 0.5, 3);
    double[] parts = model.parts().clone();
    for (int i = 0; i < 10; i++) {
      parts[i] = 1 - parts[i];
    }
    PairedBootstrap paired = of(model, new Ratio(parts, model.wholes()));
    PairedBootstrap unpaired = of(model, share(300, 0.5, 4));

    assertThat(paired.high() - paired.low()).isLessThan((unpaired.high() - unpaired.low()) / 2);
  }

  @Test
  void theSameStoriesGiveTheSameBounds() {
    assertThat(of(share(50, 0.7, 1), share(50, 0.4, 2)))
        .isEqualTo(of(share(50, 0.7, 1), share(50, 0.4, 2)));
    assertThat(of(share(50, 0.7, 1), share(50, 0.7, 1))).isEqualTo(new PairedBootstrap(0, 0, 0));
  }

  @Test
  void oneStoryAndNothingTellNothing() {
    Ratio one = share(1, 1, 1);
    Ratio nothing = new Ratio(new double[3], new double[3]);

    assertThat(PairedBootstrap.of(one, one, DoubleUnaryOperator.identity())).isEmpty();
    assertThat(PairedBootstrap.of(nothing, nothing, DoubleUnaryOperator.identity())).isEmpty();
  }
}
