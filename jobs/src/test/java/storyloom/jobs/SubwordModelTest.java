package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with byte-pair encoding. */
@ExtendWith(SmallModel.Once.class)
final class SubwordModelTest {

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Commands.Result trained;

  private final SmallModel words;

  SubwordModelTest(SmallModel words) {
    this.words = words;
  }

  @BeforeAll
  static void train() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    trained =
        Commands.train(
            SmallCorpus.training(
                home,
                corpus,
                "--set",
                "text.tokenizer=bpe",
                "--set",
                "text.vocabulary=310",
                "--set",
                "train.epochs=4"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
  }

  @Test
  void mergesLieBesideTheVocabulary() throws IOException {
    Path bundle = home.resolve("models").resolve(trained.json().get("model").textValue());

    assertThat(Files.readAllLines(bundle.resolve("merges.txt"))).isNotEmpty();
    assertThat(Files.readAllLines(bundle.resolve("vocabulary.tsv"))).hasSize(310);
    assertThat(Files.readString(bundle.resolve("SHA256SUMS"))).contains("  merges.txt");
  }

  @Test
  void theModelEvaluatesAsItTrainedAndKnowsEveryToken() {
    Commands.Result measured = Commands.evaluate(SmallCorpus.evaluation(home, corpus, "valid"));

    assertThat(measured.status()).as("%s", measured.err()).isZero();
    JsonNode figures = measured.json();
    double nll = figures.get("nll_per_token").doubleValue();
    double tokens = figures.get("tokens").doubleValue();
    double words = figures.get("words").doubleValue();
    assertThat(figures.get("perplexity_per_token").doubleValue())
        .isCloseTo(trained.json().get("valid_perplexity").doubleValue(), within(1e-4));
    assertThat(figures.get("oov_rate").doubleValue()).isZero();
    assertThat(words).isEqualTo(4 * 9);
    assertThat(tokens).isGreaterThan(4 * 12);
    assertThat(figures.get("perplexity_per_word").doubleValue())
        .isCloseTo(Math.exp(nll * tokens / words), within(1e-6));
  }

  @Test
  void besideAModelOfWordsOnlyFiguresPerWordAreCompared() {
    Path bundle = home.resolve("models").resolve(trained.json().get("model").textValue());

    Commands.Result compared =
        Commands.evaluate(
            SmallCorpus.evaluation(
                words.home(), corpus, "valid", "--sample", "0", "--compare", bundle.toString()));

    assertThat(compared.status()).as("%s", compared.err()).isZero();
    assertThat(compared.json().get("differences").fieldNames())
        .toIterable()
        .containsExactly("perplexity_per_word");
    assertThat(compared.out())
        .anyMatch(line -> line.contains("in different ways: perplexity per word can be compared"));
  }

  @Test
  void storiesAreToldForWordsThatNobodyHasSeen() throws IOException {
    Path input =
        Files.write(folder.resolve("p.txt"), List.of("xenia finds a ☃ .", "anna finds a ring ."));

    List<String> stories = CommandOutput.stories(home, input, folder.resolve("told"), "2");

    assertThat(stories).hasSize(2).allSatisfy(story -> assertThat(story).doesNotContain("@@"));
  }

  @Test
  void aVocabularyWithoutRoomIsRefusedBeforeAnythingIsRead() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Commands.Result refused =
        Commands.train(
            SmallCorpus.training(
                elsewhere, corpus, "--set", "text.tokenizer=bpe", "--set", "text.vocabulary=200"));

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.error())
        .isEqualTo("error: text.vocabulary must be at least 300 with text.tokenizer=bpe, not 200");
    assertThat(elsewhere).doesNotExist();
  }
}
