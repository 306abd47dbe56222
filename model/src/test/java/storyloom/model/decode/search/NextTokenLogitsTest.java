package storyloom.model.decode.search;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import storyloom.model.decode.Rows;
import storyloom.model.text.token.Vocabulary;

class NextTokenLogitsTest {

  private static final int VOCABULARY = 1700;

  /** With many equal ones. */
  private static float[] logits(Random random) {
    float[] logits = new float[VOCABULARY];
    for (int id = 0; id < VOCABULARY; id++) {
      logits[id] = random.nextInt(400) / 10f - 20;
    }
    return logits;
  }

  private static int[] sorted(float[] logits, int most) {
    return IntStream.range(0, logits.length)
        .filter(id -> logits[id] > Float.NEGATIVE_INFINITY)
        .boxed()
        .sorted(comparing((Integer id) -> -logits[id]).thenComparing(id -> id))
        .mapToInt(Integer::intValue)
        .limit(most)
        .toArray();
  }

  @Test
  void likeliestAreThoseThatSortingPutsFirstWhateverWasChanged() {
    Random random = new Random(5);
    for (int changes : new int[] {0, 1, 40, 800}) {
      NextTokenLogits next = Rows.of(logits(random));
      for (int i = 0; i < changes; i++) {
        if (random.nextBoolean()) {
          next.forbid(next.likeliest(1)[0]);
        } else {
          next.weigh(random.nextInt(VOCABULARY), 1 + random.nextDouble());
        }
      }
      for (int most : new int[] {1, 2, 10, 600, 5000}) {
        assertThat(next.likeliest(most)).containsExactly(sorted(next.numbers(), most));
      }
    }
  }

  @Test
  void numbersAreTheModelsBesidesWhatWasChanged() {
    float[] logits = logits(new Random(6));
    NextTokenLogits next = Rows.of(logits);
    next.forbid(1234);
    next.weigh(7, 2);

    assertThat(next.numbers()[1234]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(next.score(7)).isCloseTo(2 * next.logProb(7), within(1e-5));
    assertThat(next.numbers()[7]).isEqualTo(next.number(7));
    assertThat(next.numbers()[8]).isEqualTo(logits[8]).isEqualTo(next.number(8));
    next.restore();
    assertThat(next.numbers()).containsExactly(logits);
  }

  @Test
  void nothingIsLikelyWhereAllIsForbidden() {
    NextTokenLogits next = Rows.of(logits(new Random(7)));
    IntStream.range(0, VOCABULARY - 1).forEach(next::forbid);
    assertThat(next.allForbidden()).isFalse();
    assertThat(next.likeliest(3)).containsExactly(VOCABULARY - 1);
    next.forbid(VOCABULARY - 1);

    assertThat(next.allForbidden()).isTrue();
    assertThat(next.likeliest(3)).isEmpty();
  }

  @Test
  void wordsThatOnlyThePromptKnowsHaveWhatUnknownWordsHave() {
    float[] logits = logits(new Random(8));
    logits[Vocabulary.OOV] = 25;
    NextTokenLogits next = Rows.copying(logits, -3, Float.NEGATIVE_INFINITY, -2);

    double unknown = Math.exp(next.logProb(Vocabulary.OOV));
    double first = Math.exp(next.logProb(VOCABULARY));
    double last = Math.exp(next.logProb(VOCABULARY + 2));
    double more = 1 + unknown / (first + last);
    assertThat(first).isLessThan(1e-6);
    assertThat(Math.exp(next.score(VOCABULARY))).isCloseTo(first * more, within(1e-5));
    assertThat(Math.exp(next.score(VOCABULARY + 2))).isCloseTo(last * more, within(1e-5));
    assertThat(next.score(VOCABULARY + 1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(next.number(8)).isEqualTo(logits[8]);
    next.forbid(Vocabulary.OOV);
    assertThat(next.likeliest(9)).contains(VOCABULARY + 2);
    assertThat(next.likeliest(600))
        .containsExactly(Arrays.copyOf(sorted(next.numbers(), 600), 600));
    next.weigh(VOCABULARY, 2);
    assertThat(next.score(VOCABULARY)).isCloseTo(2 * Math.log(first * more), within(1e-4));
    next.restore();
    assertThat(Math.exp(next.score(VOCABULARY))).isCloseTo(first * more, within(1e-5));
  }

  @Test
  void unknownWordsStayUnknownWhereThePromptHasNone() {
    float[] logits = logits(new Random(9));
    NextTokenLogits next = Rows.copying(logits, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);

    assertThat(next.numbers()).startsWith(logits);
    assertThat(next.likeliest(VOCABULARY + 2)).containsExactly(sorted(logits, VOCABULARY));
  }
}
