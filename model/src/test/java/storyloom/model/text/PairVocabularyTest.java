package storyloom.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import storyloom.model.text.token.Vocabulary;

class PairVocabularyTest {

  private static final Vocabulary KNOWN = Vocabulary.build(Map.of("the", 3L, "fox", 2L), 1, 6);
  private static final List<String> PROMPT = List.of("zoe", "the", "yak", "zoe");

  private final PairVocabulary copying = PairVocabulary.of(KNOWN, PROMPT, true);

  @Test
  void wordsThatTheVocabularyLacksAreKnownByTheirFirstPlaceInThePrompt() {
    assertThat(copying.ids(PROMPT)).containsExactly(6, 4, 8, 6);
    assertThat(copying.ids(List.of("fox", "zoe", "yak"))).containsExactly(5, 6, 8);
  }

  @Test
  void whatThePromptLacksTooStaysUnknown() {
    assertThat(copying.id("owl")).isEqualTo(Vocabulary.OOV);
  }

  @Test
  void idsAreTurnedBackIntoWords() {
    assertThat(copying.tokens(4, 8, 6, 3)).containsExactly("the", "yak", "zoe", "<end>");
    assertThatThrownBy(() -> copying.token(10)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void withoutCopyingThereAreTheIdsOfTheVocabularyAlone() {
    PairVocabulary plain = PairVocabulary.of(KNOWN, PROMPT, false);

    assertThat(plain.ids(PROMPT)).containsExactly(1, 4, 1, 1);
    assertThat(plain.copied()).isEmpty();
  }
}
