package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptHashTest {

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
  void aPromptsHashIsTheSameForEver(String prompt) {
    assertThat(PromptHash.of(prompt)).isEqualTo(THE_LAST_DRAGON);
  }

  @ParameterizedTest
  @CsvSource({"the lost dragon", "thelast dragon", "the last dragons", "'the last dragon, 2'"})
  void otherWordsMakeAnotherPrompt(String prompt) {
    assertThat(PromptHash.of(prompt)).isNotEqualTo(THE_LAST_DRAGON);
  }

  @Test
  void foldingGoesBeyondAscii() {
    assertThat(PromptHash.of("STRASSE")).isEqualTo(PromptHash.of("straße"));
    assertThat(PromptHash.of("CAFE\u0301")).isEqualTo(PromptHash.of("café"));
  }

  @Test
  void promptsOfMarksOnlyDiffer() {
    assertThat(PromptHash.of("?")).isNotEqualTo(PromptHash.of("!"));
    assertThat(PromptHash.of("?")).isNotNegative();
  }
}
