package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.text.TextCodec;

/** The whole path with stories of several windows each. */
final class LongStoriesTest {

  private static final List<String> WINDOWS =
      List.of("text.long-stories=windows", "text.max-story-tokens=16");

  @TempDir Path folder;

  private SmallHome train(String... more) {
    List<String> settings = new ArrayList<>(WINDOWS);
    settings.addAll(List.of(more));
    return SmallHome.trainOnLongStories(folder, settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "transformer"})
  void storiesAreLearnedMeasuredAndWrittenWhole(String kind) throws IOException {
    SmallHome small =
        train(
            "model.kind=" + kind,
            "model.embedding=32",
            "model.feed-forward=64",
            "train.epochs=15",
            "train.learning-rate=0.005");

    JsonNode measured = small.evaluate().json();
    assertThat(measured.get("perplexity_per_token").doubleValue())
        .isCloseTo(small.trained().json().get("valid_perplexity").doubleValue(), within(1e-4));
    assertThat(measured.get("tokens").intValue()).isEqualTo(tokens("valid"));
    assertThat(small.trained().err()).noneMatch(line -> line.contains("max-story-tokens"));
    // of 18 sentences; a model of stories that were cut would have seen two. After so short a
    // training, how a processor rounds decides which sentence comes first
    assertThat(small.greedy("anna finds a coat .").get(0)).contains("Anna took the coat home.");
    String thousand =
        small
            .stories(List.of("ben finds a key ."), "--min-tokens", "1000", "--max-tokens", "1000")
            .get(0);
    assertThat(TextCodec.words(thousand)).isGreaterThan(500);
  }

  /** Tokens of the stories of a split, and an {@code <end>} for each. */
  private int tokens(String split) throws IOException {
    return Files.readAllLines(folder.resolve("corpus").resolve(split + ".wp_target")).stream()
        .mapToInt(story -> story.split(" ").length + 1)
        .sum();
  }

  @Test
  void windowsThatAreTooShortAreRefusedInOneLineBeforeAnyTraining() {
    SmallCorpus.writeLong(folder.resolve("corpus"));
    Path elsewhere = folder.resolve("elsewhere");

    Commands.Result refused =
        new SmallHome(folder, WINDOWS, null).trainElsewhere(elsewhere, "text.max-story-tokens=15");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.error())
        .startsWith(
            "error: text.max-story-tokens must be at least 16 where text.long-stories is windows");
    assertThat(elsewhere).doesNotExist();
  }
}
