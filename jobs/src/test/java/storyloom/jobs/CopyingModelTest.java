package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with copying, by a vocabulary that has room for no hero and no object. */
final class CopyingModelTest {

  @TempDir static Path folder;

  private static SmallHome small;

  @BeforeAll
  static void train() {
    small =
        SmallHome.train(
            folder, List.of("model.copy=true", "text.vocabulary=14", "train.epochs=20"));
  }

  @Test
  void namesThatNobodyHasSeenStandInTheirStories() throws IOException {
    List<String> stories = small.greedy("xenia finds a lyre .", "yorick finds a skull .");

    assertThat(stories.get(0)).startsWith("Xenia took the lyre home.");
    assertThat(stories.get(1)).startsWith("Yorick took the skull home.");
  }

  @Test
  void theModelEvaluatesAsItTrainedAndCopiesWithoutTheSurcharge() {
    JsonNode figures = small.evaluate().json();

    assertThat(figures.get("perplexity_per_token").doubleValue())
        .isCloseTo(small.trained().json().get("valid_perplexity").doubleValue(), within(1e-4));
    // hero and object of a story of eleven tokens and its end
    assertThat(figures.get("oov_rate").doubleValue()).isCloseTo(2.0 / 12, within(1e-9));
    // as <OOV>, two words of nine would cost the choice among five types
    double surcharge = Math.pow(5, 2.0 / 9);
    assertThat(figures.get("perplexity_per_word").doubleValue()).isBetween(1.0, surcharge);
  }

  @Test
  void whatExcludesCopyingIsRefusedInOneLine() {
    Commands.Result refused =
        small.trainElsewhere(folder.resolve("elsewhere"), "model.adaptive-softmax=8");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.error())
        .isEqualTo("error: model.copy must be false where model.adaptive-softmax is set, not true");
  }
}
