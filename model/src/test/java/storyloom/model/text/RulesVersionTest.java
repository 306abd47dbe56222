package storyloom.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/**
 * Models learn from what the rules and the tokenizers make of text, so that a change of that is a
 * new version of the rules. The texts in the file of a version are raw, with what became of them
 * below: the tokens of the default settings.
 */
class RulesVersionTest {

  private static final String FILE = "rules-version-%d.txt".formatted(TextSettings.RULES_VERSION);

  private final TextCodec codec =
      new TextCodec(
          new TextSettings(TextCleaner.ruleNames(), "words", true, 64, 200),
          Vocabulary.build(Map.of(), 1, 10));

  @Test
  void otherTokensOfTheSameTextAreAnotherVersion() throws IOException {
    List<String> recorded = recorded();
    List<String> now = new ArrayList<>();
    for (String text : recorded) {
      if (text.startsWith("story: ") || text.startsWith("prompt: ")) {
        now.add(text);
        now.add("tokens: " + tokens(text));
      }
    }

    Path written = Path.of("target", FILE);
    Files.write(written, now);
    assertThat(now)
        .as("raise TextSettings.RULES_VERSION, and make %s the file of the new version", written)
        .isEqualTo(recorded);
  }

  private List<String> recorded() throws IOException {
    try (var in = RulesVersionTest.class.getResourceAsStream(FILE)) {
      assertThat(in).as("the resource %s", FILE).isNotNull();
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private String tokens(String text) {
    TextSide side = text.startsWith("story: ") ? TextSide.STORY : TextSide.PROMPT;
    String raw = text.substring(text.indexOf(' ') + 1).replace("⏎", "\n");
    return String.join(" ", codec.tokens(raw, side));
  }
}
