package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.jobs.chart.AttentionChart;
import storyloom.model.fixture.SmallBundle;

/** The whole path on local[2]: corpus, model, stories, figures. */
final class FromCorpusToStoriesTest {

  private static final int EPOCHS = 40;

  /** What evaluate.jar says for programs. */
  private static final String[] FIGURES = {
    "nll_per_token",
    "perplexity_per_token",
    "perplexity_per_word",
    "accuracy",
    "tokens",
    "words",
    "oov_rate",
    "pairs",
    "skipped",
    "model",
    "prompt_ranking",
    "sample",
    "words_per_story",
    "distinct_1",
    "distinct_2",
    "distinct_3",
    "repeated_4grams",
    "prompt_words",
    "other_prompt_words",
    "person_kept",
    "human_words_per_story",
    "human_distinct_1",
    "human_distinct_2",
    "human_distinct_3",
    "human_repeated_4grams",
    "human_prompt_words",
    "human_other_prompt_words",
    "human_person_kept",
    "sentence_order",
    "human_sentence_order",
    "copied_8grams",
    "human_copied_8grams",
    "longest_quotation"
  };

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Commands.Result trained;

  @BeforeAll
  static void train() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    trained = Commands.train(SmallCorpus.training(home, corpus, "--set", "train.epochs=" + EPOCHS));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static Path prompts(String name, String... lines) throws IOException {
    Path directory = Files.createTempDirectory(folder, "prompts");
    return Files.write(directory.resolve(name), List.of(lines));
  }

  @Test
  void trainingLeavesACurrentModelAndNothingElse() throws IOException {
    String version = trained.json().get("model").textValue();

    assertThat(names(home)).containsExactly("models", "prepared", "runs");
    assertThat(names(home.resolve("models")))
        .containsExactly(version, version + ".json", "current");
    assertThat(home.resolve("models/current")).hasContent(version);
    assertThat(names(home.resolve("models").resolve(version))).isEqualTo(SmallBundle.FILES);
  }

  @Test
  void trainingSaysHowItGoes() {
    assertThat(trained.out().get(0)).matches("pairs +read +changed +dropped +kept");
    assertThat(trained.out().get(1)).matches("  train +32 +32 +0 +32");
    assertThat(trained.out())
        .anyMatch(line -> line.matches("epoch 1 of 40, round 1 of 1: .* tokens/s, loss .* left"))
        .anyMatch(line -> line.startsWith("epoch 40 of 40, train: loss"))
        .anyMatch(line -> line.startsWith("epoch 40 of 40, valid: loss"));
    assertThat(trained.json().get("valid_perplexity").doubleValue()).isBetween(1.0, 3.0);
  }

  @Test
  void figuresOfEachRoundAndEpochStay() throws IOException {
    Path run = home.resolve("runs").resolve(names(home.resolve("runs")).get(0));

    assertThat(names(run))
        .containsExactly(
            "cleaning.json",
            "cleaning.png",
            "cleaning.txt",
            "metrics.jsonl",
            "report.html",
            "run.json");
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .hasSize(2 * EPOCHS)
        .anyMatch(line -> line.startsWith("{\"epoch\":1,\"round\":1,\"rounds\":1,\"loss\":"))
        .anyMatch(line -> line.startsWith("{\"epoch\":40,\"train_loss\":"));
  }

  @Test
  void bundleTellsHowItCameAbout() throws IOException {
    Path bundle = home.resolve("models").resolve(trained.json().get("model").textValue());
    JsonNode provenance =
        JsonMapper.builder()
            .build()
            .readTree(bundle.resolve("bundle.json").toFile())
            .get("provenance");

    assertThat(provenance.get("workers").intValue()).isEqualTo(2);
    assertThat(provenance.get("settings").get("train.epochs").textValue()).isEqualTo("40");
    assertThat(provenance.get("versions").get("spark").textValue()).startsWith("3.5");
    JsonNode metrics = provenance.get("metrics");
    assertThat(metrics.get("valid_perplexity").doubleValue())
        .isEqualTo(metrics.get("valid_perplexity_epoch_40").doubleValue())
        .isLessThan(metrics.get("valid_perplexity_epoch_01").doubleValue());
    assertThat(metrics.get("train_pairs").doubleValue()).isEqualTo(32);
  }

  @Test
  void storiesLieBesideThePromptsThatTheyBelongTo() throws IOException {
    Path input = prompts("wishes.csv", "prompt,id", "clara finds a drum .,7", " ,8");

    Commands.Result told = Commands.generate("--input", input.toString(), "--set", "home=" + home);

    assertThat(told.status()).as("%s", told.err()).isZero();
    assertThat(names(input.getParent())).containsExactly("stories.parquet", "wishes.csv");
    assertThat(told.json().get("rows").longValue()).isEqualTo(2);
    assertThat(told.json().get("stories").longValue()).isEqualTo(1);
    assertThat(told.json().get("rejected").longValue()).isEqualTo(1);
    assertThat(told.json().get("model")).isEqualTo(trained.json().get("model"));
    assertThat(told.err())
        .as("the machine, and what the input is taken for")
        .hasSize(2)
        .last()
        .isEqualTo("reading " + input + " as csv: its name ends so");
  }

  @Test
  void sameSeedGivesTheSameStoriesWhateverTheBatch() throws IOException {
    Path input = prompts("p.txt", "anna finds a ring .", "ben finds a coat .", "eva finds a map .");
    String[] sampling = {"--strategy", "sample", "--temperature", "2", "--top-k", "0"};

    List<String> one = CommandOutput.stories(home, input, folder.resolve("one"), "1", sampling);
    List<String> three = CommandOutput.stories(home, input, folder.resolve("three"), "3", sampling);

    assertThat(one).hasSize(3).isEqualTo(three);
  }

  @Test
  void figuresOfTheValidationSplitAreThoseOfTheTraining() {
    Commands.Result measured = Commands.evaluate(SmallCorpus.evaluation(home, corpus, "valid"));

    assertThat(measured.status()).as("%s", measured.err()).isZero();
    JsonNode figures = measured.json();
    assertThat(figures.get("perplexity_per_token").doubleValue())
        .isCloseTo(trained.json().get("valid_perplexity").doubleValue(), within(1e-4));
    assertThat(figures.get("accuracy").doubleValue())
        .isEqualTo(trained.json().get("valid_accuracy").doubleValue());
    assertThat(figures.get("nll_per_token").doubleValue())
        .isCloseTo(Math.log(figures.get("perplexity_per_token").doubleValue()), within(1e-9));
    assertThat(figures.get("oov_rate").doubleValue()).isZero();
    assertThat(figures.get("pairs").longValue()).isEqualTo(4);
    assertThat(figures.get("words").longValue()).isEqualTo(4 * 9);
    assertThat(figures.get("tokens").longValue()).isEqualTo(4 * 12);
    assertThat(figures.get("prompt_ranking").isNull()).as("four prompts are too few").isTrue();
  }

  @Test
  void storiesOfTheModelAreComparedWithThoseOfPeople() throws IOException {
    Commands.Result measured =
        Commands.evaluate(
            SmallCorpus.evaluation(
                home, corpus, "train", "--sample", "24", "--attention", "3", "--strategy", "beam"));

    assertThat(measured.status()).as("%s", measured.err()).isZero();
    JsonNode figures = measured.json();
    assertThat(figures.fieldNames()).toIterable().containsExactly(FIGURES);
    assertThat(figures.get("sample").intValue()).isEqualTo(24);
    assertThat(figures.get("prompt_ranking").doubleValue()).as("by chance: 0.1").isGreaterThan(0.5);
    assertThat(figures.get("prompt_words").doubleValue())
        .isGreaterThan(figures.get("other_prompt_words").doubleValue());
    assertThat(figures.get("human_words_per_story").doubleValue()).isEqualTo(8);
    assertThat(measured.out())
        .anyMatch(line -> line.matches("perplexity per word +[0-9.]+"))
        .anyMatch(line -> line.matches("prompts ranked first of ten +[0-9.]+ %"))
        .anyMatch(line -> line.matches("repeated 4-grams .* people 0.00 %"));
    Path page = page(measured.out());
    assertThat(names(page.getParent()))
        .containsExactly(
            "attention-001.png", "attention-002.png", "attention-003.png", "evaluation.html");
    BufferedImage heatMap = ImageIO.read(page.resolveSibling("attention-002.png").toFile());
    // prompts have five tokens, and stories nine words and marks, with the end
    assertThat(heatMap.getWidth()).isGreaterThan(5 * AttentionChart.CELL);
    assertThat(heatMap.getHeight()).isGreaterThan(9 * AttentionChart.CELL);
    String html = Files.readString(page);
    assertThat(html)
        .contains("<svg", "At which place", "repeated 4-grams", "trained from scratch")
        .contains(
            "train.wp_source", "train.wp_target", "<td>beam</td>", "What the model looked at");
    assertThat(html.split("<article>", -1)).hasSize(1 + 20);
    assertThat(html.split("<details>", -1)).hasSize(1 + 1 + 3);
  }

  private static Path page(List<String> out) {
    String start = "figures, pictures and stories: ";
    String path = out.stream().filter(line -> line.startsWith(start)).findAny().orElseThrow();
    return Path.of(path.substring(start.length()).replaceFirst("^file:", ""));
  }

  @Test
  void withoutASampleOnlyThePairsAreScored() {
    Commands.Result measured =
        Commands.evaluate(SmallCorpus.evaluation(home, corpus, "valid", "--sample", "0"));

    assertThat(measured.status()).as("%s", measured.err()).isZero();
    assertThat(measured.json().has("sample")).isFalse();
    assertThat(measured.out()).noneMatch(line -> line.contains("pictures"));
  }

  @Test
  void summaryShowsStoriesPerplexitiesAndPlaces() throws IOException {
    Path input =
        prompts(
            "p.jsonl",
            "{\"prompt\": \"dan finds a key .\", \"hero\": \"dan\", \"object\": \"key\"}",
            "{\"prompt\": \"dan finds a map .\", \"hero\": \"zoe\", \"object\": \"map\"}");
    Path stories = input.resolveSibling("told");
    Commands.generate(
        "--input", input.toString(), "--output", stories.toString(), "--set", "home=" + home);

    Commands.Result summary =
        Commands.run(
            DemoSummary::run,
            "--stories",
            stories.toString(),
            "--home",
            home.toString(),
            "--started",
            "1000");

    assertThat(summary.status()).as("%s", summary.err()).isZero();
    assertThat(summary.out())
        .contains("Prompt: dan finds a key .")
        .anyMatch(line -> line.startsWith("validation perplexity after epoch 40: "))
        .anyMatch(line -> line.contains(stories.toString()));
    assertThat(summary.json().get("named_share").doubleValue()).isEqualTo(0.5);
    assertThat(summary.json().get("perplexity")).isEqualTo(trained.json().get("valid_perplexity"));
    assertThat(summary.json().get("seconds").longValue()).isPositive();
  }
}
