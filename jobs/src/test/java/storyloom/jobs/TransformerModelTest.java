package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with a Transformer: trained by two workers, stories, and the same figures. */
final class TransformerModelTest {

  @TempDir static Path folder;

  private static SmallHome small;

  @BeforeAll
  static void train() {
    small =
        SmallHome.train(
            folder,
            List.of(
                "model.kind=transformer",
                "model.embedding=32",
                "model.layers=2",
                "model.feed-forward=64",
                "model.copy=true",
                "train.epochs=12",
                "train.learning-rate=0.003"));
  }

  @Test
  void storiesTakeUpTheirPrompts() throws IOException {
    assertThat(small.greedy("anna finds a lamp .").get(0)).startsWith("Anna took the lamp home.");
  }

  @Test
  void theModelEvaluatesAsItTrained() {
    assertThat(small.evaluate().json().get("perplexity_per_token").doubleValue())
        .isCloseTo(small.trained().json().get("valid_perplexity").doubleValue(), within(1e-4));
  }

  @Test
  void whatOnlyLstmsHaveIsRefusedInOneLineBeforeAnyTraining() {
    Path elsewhere = folder.resolve("elsewhere");

    Commands.Result refused = small.trainElsewhere(elsewhere, "model.bidirectional=true");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.error())
        .isEqualTo(
            "error: model.bidirectional must be false where model.kind is transformer, not true");
    assertThat(elsewhere).doesNotExist();
  }
}
