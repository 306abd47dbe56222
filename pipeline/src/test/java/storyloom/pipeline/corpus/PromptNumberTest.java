package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptNumberTest {

  /** By another program: the first 8 bytes of `printf 'the last dragon' | sha256sum`, halved. */
  private static final long THE_LAST_DRAGON = 6950433235858246941L;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The last dragon",
        " THE\u00A0last \n dragon ",
        "\"The\" last... dragon?!",
        "The — last — dragon.",
        "\uFF34\uFF28\uFF25 last dragon"
      })
  void aPromptsNumberIsTheSameForEver(String prompt) {
    assertThat(PromptNumber.of(prompt)).isEqualTo(THE_LAST_DRAGON);
  }

  @ParameterizedTest
  @CsvSource({"the lost dragon", "thelast dragon", "the last dragons", "'the last dragon, 2'"})
  void otherWordsMakeAnotherPrompt(String prompt) {
    assertThat(PromptNumber.of(prompt)).isNotEqualTo(THE_LAST_DRAGON);
  }

  @Test
  void foldingGoesBeyondAscii() {
    assertThat(PromptNumber.of("STRASSE")).isEqualTo(PromptNumber.of("straße"));
    assertThat(PromptNumber.of("CAFE\u0301")).isEqualTo(PromptNumber.of("café"));
  }

  @Test
  void promptsOfMarksOnlyDiffer() {
    assertThat(PromptNumber.of("?")).isNotEqualTo(PromptNumber.of("!"));
    assertThat(PromptNumber.of("?")).isNotNegative();
  }
}
