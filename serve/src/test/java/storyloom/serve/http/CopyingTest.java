package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;

/** A service whose model copies: an untrained one takes every other word from its prompt. */
final class CopyingTest {

  private static final String PROMPT = "Zaphod, Trillian, Arthur";

  @TempDir private Path home;

  @Test
  void wordsThatTheVocabularyLacksStandInTheStoryAndAmongItsWords() {
    SmallBundle copying = SmallBundle.ofDozenWords().withCopying();
    try (TestService service = TestService.start(home, copying, "decode.min-tokens=10")) {
      JsonNode answer =
          service.story(Map.of("prompt", PROMPT, "attention", true, "strategy", "sample"));

      String story = answer.get("story").textValue();
      assertThat(story).containsPattern("(?i)zaphod|trillian|arthur").doesNotContain("<");
      StringBuilder words = new StringBuilder();
      answer.get("attention").get("words").forEach(w -> words.append(w.get("text").textValue()));
      assertThat(words).hasToString(story);
    }
  }

  @Test
  void aBannedWordIsNotCopied() {
    SmallBundle copying = SmallBundle.ofDozenWords().withCopying();
    try (TestService service =
        TestService.start(
            home, copying, "decode.min-tokens=10", "decode.banned-words=zaphod,arthur")) {
      String story = service.story(Map.of("prompt", PROMPT)).get("story").textValue();

      assertThat(story).doesNotContainPattern("(?i)zaphod|arthur").containsIgnoringCase("trillian");
    }
  }
}
