package storyloom.model.decode.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.decode.Decoding;
import storyloom.model.decode.Rows;

class TokenChoiceTest {

  private static final float[] LOGITS = {9, 9, 9, 1, 0, 2, 2, -1};
  private static final int DRAWS = 20_000;

  private static NextTokenLogits row(int written) {
    NextTokenLogits row = Rows.of(LOGITS);
    Decoding.by("min-tokens=2").constraints().apply(new int[written], BannedWords.NONE, row);
    return row;
  }

  /** How often each token is drawn. */
  private static double[] shares(Sampling sampling, NextTokenLogits row) {
    RandomStream stream = RandomStream.of(3, "prompt", "");
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < DRAWS; i++) {
      shares[sampling.choose(row, stream)] += 1.0 / DRAWS;
    }
    return shares;
  }

  @Test
  void greedyTakesTheLowerOfTwoEqualIdsAndNoSpecialToken() {
    assertThat(SingleSearch.TokenChoice.likeliest(row(5), RandomStream.of(1, "", ""))).isEqualTo(5);
  }

  @Test
  void samplingFollowsTheSoftmax() {
    double sum = Math.exp(1) + 1 + 2 * Math.exp(2) + Math.exp(-1);
    for (int topK : new int[] {0, 8}) {
      double[] shares = shares(new Sampling(1, topK, 1, 0), row(5));

      assertThat(shares[3]).isCloseTo(Math.exp(1) / sum, within(0.01));
      assertThat(shares[5]).isCloseTo(Math.exp(2) / sum, within(0.01));
      assertThat(shares[7]).isCloseTo(Math.exp(-1) / sum, within(0.01));
    }
  }

  @Test
  void endWaitsForTheLeastLength() {
    assertThat(shares(new Sampling(1, 0, 1, 0), row(1))[3]).isZero();
  }

  @Test
  void topKLeavesOnlyTheLikeliest() {
    double[] shares = shares(new Sampling(1, 3, 1, 0), row(5));

    assertThat(shares[3] + shares[5] + shares[6]).isCloseTo(1, within(1e-9));
    assertThat(shares[3]).isPositive();
  }

  @Test
  void topPLeavesTheFewestThatHoldItsShare() {
    // of e, 1, e², e² and 1/e the two largest hold 0.7834, with e 0.9275
    for (int topK : new int[] {0, 8}) {
      assertThat(shares(new Sampling(1, topK, 0.78, 0), row(5))).containsSequence(0, 0, 0, 0, 0);
      assertThat(shares(new Sampling(1, topK, 0.78, 0), row(5))[6]).isCloseTo(0.5, within(0.02));
      double[] shares = shares(new Sampling(1, topK, 0.9, 0), row(5));
      assertThat(shares[3]).isCloseTo(0.1554, within(0.01));
      assertThat(shares[4] + shares[7]).isZero();
      assertThat(shares(new Sampling(1, topK, 0.001, 0), row(5))[5]).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void topPLooksAtWhatTopKAndTemperatureLeave() {
    // of the two likeliest each holds a half
    assertThat(shares(new Sampling(1, 2, 0.5, 0), row(5))[5]).isCloseTo(1, within(1e-9));
    assertThat(shares(new Sampling(0.1, 0, 0.99, 0), row(5))[3]).isZero();
  }

  @Test
  void minPLeavesWhatIsNotFarLessLikelyThanTheLikeliest() {
    // of the likeliest one's probability the others have 1, 0.37, 0.14 and 0.05
    for (int topK : new int[] {0, 8}) {
      double[] shares = shares(new Sampling(1, topK, 1, 0.3), row(5));
      assertThat(shares[3] + shares[5] + shares[6]).isCloseTo(1, within(1e-9));
      assertThat(shares[3]).isCloseTo(0.1554, within(0.01));
      assertThat(shares(new Sampling(1, topK, 1, 0.1), row(5))[4]).isPositive();
      assertThat(shares(new Sampling(1, topK, 1, 1), row(5))[5]).isCloseTo(0.5, within(0.02));
    }
  }

  @Test
  void topPLooksAtWhatMinPLeaves() {
    // the two likeliest hold all that min-p leaves, and each a half of it
    for (int topK : new int[] {0, 8}) {
      assertThat(shares(new Sampling(1, topK, 0.5, 0.5), row(5))[5]).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void lowTemperaturePlaysSafe() {
    assertThat(shares(new Sampling(0.1, 0, 1, 0), row(5))[3]).isLessThan(0.001);
  }

  @Test
  void whereAllIsForbiddenTheStoryEnds() {
    NextTokenLogits row = row(5);
    for (int id = 0; id < LOGITS.length; id++) {
      row.forbid(id);
    }
    for (Sampling sampling : List.of(new Sampling(1, 0, 1, 0), new Sampling(1, 3, 0.5, 0))) {
      assertThat(sampling.choose(row, RandomStream.of(1, "", ""))).isEqualTo(3);
    }
    assertThat(SingleSearch.TokenChoice.likeliest(row, RandomStream.of(1, "", ""))).isEqualTo(3);
  }
}
