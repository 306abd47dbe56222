package storyloom.model.text.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import storyloom.model.text.filter.RejectionSettings;
import storyloom.model.text.filter.RejectionSettings.Bounds;
import storyloom.model.text.filter.TextFilter;

/**
 * Texts that look like noise and are none. Cleaning may tidy their spaces, quotes and marks; it
 * must not take a word or a line, and no rule may drop their pair.
 */
class StoriesThatMustStayTest {

  private final TextCleaner cleaner = TextCleaner.of(TextCleaner.ruleNames());
  private final TextFilter filter =
      TextFilter.of(
          new RejectionSettings(List.of("deleted", "bots", "code"), Bounds.NONE, Bounds.NONE));

  @ParameterizedTest
  @CsvFileSource(resources = "stories-that-must-stay.txt", delimiter = '⏎', quoteCharacter = '§')
  void aStoryLosesNoWordAndNoLine(String story) {
    assertThatAllStays(story, TextSide.STORY);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "prompts-that-must-stay.txt", delimiter = '⏎', quoteCharacter = '§')
  void aPromptLosesNoWord(String prompt) {
    assertThatAllStays(prompt, TextSide.PROMPT);
  }

  private void assertThatAllStays(String raw, TextSide side) {
    String lines = raw.replace(" <newline> ", "\n");
    String clean = cleaner.clean(raw, side);

    assertThat(lettersAndLines(clean)).isEqualTo(lettersAndLines(lines));
    assertThat(filter.rejectedBy(clean, side)).isEmpty();
  }

  private static String lettersAndLines(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}\\n]", "");
  }
}
