package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with copying, by a vocabulary that has room for no hero and no object. */
final class CopyingModelTest {

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Commands.Result trained;

  @BeforeAll
  static void train() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    trained = Commands.train(training(home, "train.epochs=20"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
  }

  private static String[] training(Path home, String... settings) {
    List<String> more = new ArrayList<>();
    for (String setting : List.of("model.copy=true", "text.vocabulary=14")) {
      more.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      more.addAll(List.of("--set", setting));
    }
    return SmallCorpus.training(home, corpus, more.toArray(String[]::new));
  }

  @Test
  void namesThatNobodyHasSeenStandInTheirStories() throws IOException {
    Path input =
        Files.write(
            folder.resolve("p.txt"), List.of("xenia finds a lyre .", "yorick finds a skull ."));

    List<String> stories =
        CommandOutput.stories(home, input, folder.resolve("told"), "2", "--strategy", "greedy");

    assertThat(stories.get(0)).startsWith("Xenia took the lyre home.");
    assertThat(stories.get(1)).startsWith("Yorick took the skull home.");
  }

  @Test
  void theModelEvaluatesAsItTrainedAndCopiesWithoutTheSurcharge() {
    Commands.Result measured = Commands.evaluate(SmallCorpus.evaluation(home, corpus, "valid"));

    assertThat(measured.status()).as("%s", measured.err()).isZero();
    JsonNode figures = measured.json();
    assertThat(figures.get("perplexity_per_token").doubleValue())
        .isCloseTo(trained.json().get("valid_perplexity").doubleValue(), within(1e-4));
    // hero and object of a story of eleven tokens and its end
    assertThat(figures.get("oov_rate").doubleValue()).isCloseTo(2.0 / 12, within(1e-9));
    // as <OOV>, two words of nine would cost the choice among five types
    double surcharge = Math.pow(5, 2.0 / 9);
    assertThat(figures.get("perplexity_per_word").doubleValue()).isBetween(1.0, surcharge);
  }

  @Test
  void whatExcludesCopyingIsRefusedInOneLine() {
    Path elsewhere = folder.resolve("elsewhere");

    Commands.Result refused = Commands.train(training(elsewhere, "model.adaptive-softmax=8"));

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.error())
        .isEqualTo("error: model.copy must be false where model.adaptive-softmax is set, not true");
  }
}
