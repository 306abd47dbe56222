package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with a Transformer: trained by two workers, stories, and the same figures. */
final class TransformerModelTest {

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Commands.Result trained;

  @BeforeAll
  static void train() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    trained = Commands.train(training(home, "train.epochs=12", "train.learning-rate=0.003"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
  }

  private static String[] training(Path home, String... settings) {
    List<String> more = new ArrayList<>();
    for (String setting :
        List.of(
            "model.kind=transformer",
            "model.embedding=32",
            "model.layers=2",
            "model.feed-forward=64",
            "model.copy=true")) {
      more.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      more.addAll(List.of("--set", setting));
    }
    return SmallCorpus.training(home, corpus, more.toArray(String[]::new));
  }

  @Test
  void storiesTakeUpTheirPrompts() throws IOException {
    Path input = Files.write(folder.resolve("p.txt"), List.of("anna finds a lamp ."));

    List<String> stories =
        CommandOutput.stories(home, input, folder.resolve("told"), "1", "--strategy", "greedy");

    assertThat(stories.get(0)).startsWith("Anna took the lamp home.");
  }

  @Test
  void theModelEvaluatesAsItTrained() {
    Commands.Result measured = Commands.evaluate(SmallCorpus.evaluation(home, corpus, "valid"));

    assertThat(measured.status()).as("%s", measured.err()).isZero();
    assertThat(measured.json().get("perplexity_per_token").doubleValue())
        .isCloseTo(trained.json().get("valid_perplexity").doubleValue(), within(1e-4));
  }

  @Test
  void whatOnlyLstmsHaveIsRefusedInOneLineBeforeAnyTraining() {
    Path elsewhere = folder.resolve("elsewhere");

    Commands.Result refused = Commands.train(training(elsewhere, "model.bidirectional=true"));

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.error())
        .isEqualTo(
            "error: model.bidirectional must be false where model.kind is transformer, not true");
    assertThat(elsewhere).doesNotExist();
  }
}
