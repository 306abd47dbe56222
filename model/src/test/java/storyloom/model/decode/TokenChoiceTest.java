package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import storyloom.model.decode.DecodeSettings.Strategy;

class TokenChoiceTest {

  private static final float[] LOGITS = {9, 9, 9, 1, 0, 2, 2, -1};

  private static int choose(DecodeSettings settings, RowStream stream, int written) {
    TokenChoice choice = new TokenChoice(settings, LOGITS.length);
    System.arraycopy(LOGITS, 0, choice.logits(), 0, LOGITS.length);
    return choice.next(written, stream);
  }

  private static DecodeSettings settings(Strategy strategy, double temperature, int topK) {
    return new DecodeSettings(strategy, temperature, topK, 2, 10, 1, 1);
  }

  private static double[] shares(DecodeSettings settings, int written) {
    RowStream stream = RowStream.of(3, "prompt", "");
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < 20_000; i++) {
      shares[choose(settings, stream, written)] += 1 / 20_000.0;
    }
    return shares;
  }

  @Test
  void greedyTakesTheLowerOfTwoEqualIdsAndNoSpecialToken() {
    assertThat(choose(settings(Strategy.GREEDY, 1, 0), RowStream.of(1, "", ""), 5)).isEqualTo(5);
  }

  @Test
  void samplingFollowsTheSoftmax() {
    double sum = Math.exp(1) + 1 + 2 * Math.exp(2) + Math.exp(-1);
    double[] shares = shares(settings(Strategy.SAMPLE, 1, 0), 5);

    assertThat(shares[3]).isCloseTo(Math.exp(1) / sum, within(0.01));
    assertThat(shares[5]).isCloseTo(Math.exp(2) / sum, within(0.01));
    assertThat(shares[7]).isCloseTo(Math.exp(-1) / sum, within(0.01));
  }

  @Test
  void endWaitsForTheLeastLength() {
    assertThat(shares(settings(Strategy.SAMPLE, 1, 0), 1)[3]).isZero();
  }

  @Test
  void topKLeavesOnlyTheLikeliest() {
    double[] shares = shares(settings(Strategy.SAMPLE, 1, 3), 5);

    assertThat(shares[3] + shares[5] + shares[6]).isCloseTo(1, within(1e-9));
    assertThat(shares[3]).isPositive();
  }

  @Test
  void lowTemperaturePlaysSafe() {
    assertThat(shares(settings(Strategy.SAMPLE, 0.1, 0), 5)[3]).isLessThan(0.001);
  }
}
