package storyloom.model.text.clean;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What authors, forums and tokenizers leave around a story and in it, each text with what all rules
 * together make of it.
 */
class NoiseThatMustGoTest {

  private final TextCleaner cleaner = TextCleaner.of(TextCleaner.ruleNames());

  @ParameterizedTest
  @CsvFileSource(resources = "noise-that-must-go.txt", delimiter = '⇒', quoteCharacter = '§')
  void onlyTheStoryIsLeft(String raw, String clean) {
    assertThat(cleaner.clean(raw, TextSide.STORY)).isEqualTo(clean.replace(" <newline> ", "\n"));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "noise-that-must-go.txt", delimiter = '⇒', quoteCharacter = '§')
  void whatIsCleanStaysAsItIs(String raw, String clean) {
    String lines = clean.replace(" <newline> ", "\n");

    assertThat(cleaner.clean(lines, TextSide.STORY)).isEqualTo(lines);
  }
}
