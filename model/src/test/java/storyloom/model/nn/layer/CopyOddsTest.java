package storyloom.model.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyOddsTest {

  @ParameterizedTest
  @ValueSource(doubles = {-800, -40, -1, 0, 2, 40, 800})
  void whatIsNotCopiedIsTheVocabularys(double z) {
    for (double ofMarks : new double[] {0, 0.25, 1}) {
      CopyOdds odds = CopyOdds.of(z, ofMarks);

      double ofVocabulary = Math.exp(odds.ofVocabulary());
      double ofPrompt = Math.exp(odds.ofPrompt());
      assertThat(ofPrompt).isCloseTo(1 / (1 + Math.exp(z)), within(1e-12));
      assertThat(ofVocabulary + ofPrompt * (1 - ofMarks)).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void farGatesKeepTheirLogarithm() {
    assertThat(CopyOdds.of(-800, 0).ofVocabulary()).isEqualTo(-800);
    assertThat(CopyOdds.of(800, 0).ofPrompt()).isEqualTo(-800);
  }
}
