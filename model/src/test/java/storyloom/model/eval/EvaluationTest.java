package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import storyloom.model.nn.loss.LossTally;

final class EvaluationTest {

  private static Evaluation evaluation(long words, long unknown, long unknownTypes) {
    LossTally tally = new LossTally(12 * Math.log(3), 12, 3);
    return new Evaluation("m", 2, 0, tally, words, unknown, unknownTypes, 0);
  }

  @Test
  void figuresPerTokenComeFromTheTally() {
    Evaluation evaluation = evaluation(6, 0, 0);

    assertThat(evaluation.nllPerToken()).isCloseTo(Math.log(3), within(1e-12));
    assertThat(evaluation.perplexityPerToken()).isCloseTo(3, within(1e-12));
    assertThat(evaluation.accuracy()).isEqualTo(0.25);
    assertThat(evaluation.oovRate()).isZero();
  }

  @Test
  void wordsOfTwoTokensAreAsHardAsBothTogether() {
    assertThat(evaluation(6, 0, 0).perplexityPerWord()).isCloseTo(9, within(1e-9));
  }

  @Test
  void unknownWordCostsTheChoiceAmongAllUnknownOnesOnTop() {
    Evaluation evaluation = evaluation(12, 6, 4);

    assertThat(evaluation.perplexityPerWord()).isCloseTo(3 * Math.sqrt(4), within(1e-9));
    assertThat(evaluation.oovRate()).isEqualTo(0.5);
  }

  @Test
  void oneUnknownWordAloneLeavesNoChoice() {
    assertThat(evaluation(12, 6, 1).perplexityPerWord()).isCloseTo(3, within(1e-9));
  }

  @Test
  void aCopiedWordCostsWhatTheModelThinksOfIt() {
    LossTally tally = new LossTally(12 * Math.log(3), 12, 3, 12 * Math.log(5));
    Evaluation evaluation = new Evaluation("m", 2, 0, tally, 12, 8, 4, 2);

    assertThat(evaluation.perplexityPerToken()).isCloseTo(3, within(1e-12));
    assertThat(evaluation.perplexityPerWord()).isCloseTo(5 * Math.sqrt(4), within(1e-9));
    assertThat(evaluation.oovRate()).isEqualTo(8.0 / 12);
  }
}
