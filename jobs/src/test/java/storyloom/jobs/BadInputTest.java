package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes of users: a status, one line that names what is wrong, and nothing left behind. */
final class BadInputTest {

  @TempDir static Path models;
  private static String version;

  @TempDir Path folder;
  private Path corpus;
  private Path home;

  @BeforeAll
  static void trainOnce() {
    Path corpus = SmallCorpus.write(models.resolve("corpus"));
    Commands.Result trained =
        Commands.train(
            SmallCorpus.training(models.resolve("home"), corpus, "--set", "train.epochs=1"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    version = trained.json().get("model").textValue();
  }

  @BeforeEach
  void writeCorpus() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
  }

  /** Training fails with this status and one line with these words, and leaves nothing. */
  private void trainingFails(int status, String... words) {
    Commands.Result result = Commands.train(SmallCorpus.training(home, corpus));
    assertMistake(result, status, words);
    if (Files.exists(home)) {
      assertThat(home).isEmptyDirectory();
    }
  }

  private static void assertMistake(Commands.Result result, int status, String... words) {
    assertThat(result.error()).contains(words);
    assertThat(result.status()).isEqualTo(status);
    assertThat(result.err()).noneMatch(line -> line.startsWith("\tat ") || line.contains("WARN"));
  }

  private Path prompts(String... lines) throws IOException {
    return Files.write(folder.resolve("prompts.jsonl"), List.of(lines));
  }

  /** A copy of the model, to be spoilt. */
  private Path copyOfModel() throws IOException {
    Path source = models.resolve("home/models").resolve(version);
    Path copy = Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private Commands.Result generate(Path input, String... more) {
    return Commands.generate(
        Stream.concat(
                Stream.of("--input", input.toString(), "--set", "home=" + models.resolve("home")),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private void generatingFails(Path input, int status, List<String> words, String... more)
      throws IOException {
    List<Path> before = files();
    assertMistake(generate(input, more), status, words.toArray(String[]::new));
    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted().toList();
    }
  }

  @Test
  void missingHalfOfACorpus() throws IOException {
    Files.delete(corpus.resolve("train.wp_target"));

    trainingFails(3, "train.wp_target");
  }

  @Test
  void unequalHalvesOfACorpus() throws IOException {
    Files.writeString(corpus.resolve("train.wp_target"), "one story only\n");

    trainingFails(3, "train.wp_source", "32", "train.wp_target", "1");
  }

  @Test
  void emptyCorpus() throws IOException {
    Files.writeString(corpus.resolve("train.wp_source"), "");
    Files.writeString(corpus.resolve("train.wp_target"), "");

    trainingFails(3, "train.wp_source", "empty");
  }

  @Test
  void modelSettingsThatExcludeEachOtherAreRefusedBeforeTheCorpusIsLookedAt() {
    String[] args =
        SmallCorpus.training(
            home,
            folder.resolve("elsewhere"),
            "--set",
            "model.bidirectional=true",
            "--set",
            "model.hidden=33");

    assertMistake(
        Commands.train(args), 2, "model.hidden must be even where model.bidirectional is true");
  }

  @Test
  void corpusThatIsNotThere() throws IOException {
    corpus = folder.resolve("elsewhere");

    trainingFails(3, "elsewhere");
  }

  @Test
  void corpusWithoutAFrequentWord() throws IOException {
    Commands.Result result =
        Commands.train(SmallCorpus.training(home, corpus, "--set", "text.min-count=1000"));

    assertMistake(result, 3, "text.min-count=1000", corpus.toString());
    assertThat(cleaningReport()).isNotEmptyFile();
  }

  @Test
  void corpusOfWhichEveryPairIsDroppedHasAReport() throws IOException {
    Files.writeString(corpus.resolve("train.wp_source"), "a wolf\n\na fox\n");
    Files.writeString(corpus.resolve("train.wp_target"), "[deleted]\nIt ran and ran.\n\n");

    Commands.Result result = Commands.train(SmallCorpus.training(home, corpus));

    assertMistake(
        result, 3, "nothing is left of the train split", "1 deleted", "1 blank-prompt", "3 pairs");
    assertThat(result.out())
        .anyMatch(line -> line.matches("  train +3 +0 +3 +0"))
        .anyMatch(line -> line.startsWith("  deleted"));
    assertThat(cleaningReport()).content().contains("\"rule\" : \"deleted\"", "[deleted]");
  }

  /** The report of the only run below home, where nothing else is left of it. */
  private Path cleaningReport() throws IOException {
    try (Stream<Path> places = Files.list(home);
        Stream<Path> runs = Files.list(home.resolve("runs"))) {
      assertThat(places).containsExactly(home.resolve("runs"));
      return runs.findFirst().orElseThrow().resolve("cleaning.json");
    }
  }

  @Test
  void corpusWithoutAColumn() throws IOException {
    corpus = Files.writeString(folder.resolve("train.jsonl"), "{\"prompt\": \"a b\"}\n");

    trainingFails(3, "train.jsonl", "story");
  }

  @Test
  void promptsThatAreNotThere() throws IOException {
    generatingFails(folder.resolve("none.parquet"), 3, List.of("none.parquet"));
  }

  @Test
  void promptsThatAreNoParquet() throws IOException {
    Path input = Files.writeString(folder.resolve("p.parquet"), "not a Parquet file at all");

    generatingFails(input, 3, List.of("p.parquet"));
  }

  @Test
  void promptsWithoutTheColumn() throws IOException {
    generatingFails(
        prompts("{\"title\": \"a\"}"), 2, List.of("prompt", "title", "--columns prompt=NAME"));
  }

  @Test
  void promptsThatAreNumbers() throws IOException {
    generatingFails(prompts("{\"prompt\": 7}"), 2, List.of("prompt", "string", "bigint"));
  }

  @Test
  void columnThatAStoryWouldOverwrite() throws IOException {
    generatingFails(
        prompts("{\"prompt\": \"a\", \"story\": \"b\"}"),
        2,
        List.of("story", "--columns story=NAME"));
  }

  @Test
  void renamedColumnMakesRoom() throws IOException {
    Path input = prompts("{\"prompt\": \"anna finds a map .\", \"story\": \"b\"}");

    Commands.Result told = generate(input, "--columns", "story=tale,finish_reason=end");

    assertThat(told.status()).as("%s", told.err()).isZero();
    assertThat(told.json().get("stories").longValue()).isEqualTo(1);
  }

  @Test
  void columnThatNoStoryHas() throws IOException {
    generatingFails(
        prompts("{\"prompt\": \"a\"}"), 2, List.of("tale", "story_tokens"), "--columns", "tale=x");
  }

  @Test
  void outputThatExists() throws IOException {
    Files.createDirectory(folder.resolve("stories.parquet"));

    generatingFails(prompts("{\"prompt\": \"a\"}"), 2, List.of("stories.parquet", "--overwrite"));
  }

  @Test
  void outputThatIsTheInput() throws IOException {
    Path input = prompts("{\"prompt\": \"a\"}");

    generatingFails(input, 2, List.of("--output"), "--output", input.toString(), "--overwrite");
  }

  @Test
  void strategyThatDoesNotExist() throws IOException {
    generatingFails(
        prompts("{\"prompt\": \"a\"}"),
        2,
        List.of("best", "greedy", "beam", "sample"),
        "--strategy",
        "best");
  }

  @Test
  void modelThatIsNotThere() throws IOException {
    generatingFails(
        prompts("{\"prompt\": \"a\"}"),
        3,
        List.of("19990101T000000"),
        "--model",
        "19990101T000000");
  }

  @Test
  void homeWithoutAModel() throws IOException {
    Path input = prompts("{\"prompt\": \"a\"}");

    assertMistake(
        Commands.generate("--input", input.toString(), "--set", "home=" + home),
        3,
        "train one first");
  }

  @Test
  void modelWithOneFlippedByte() throws IOException {
    Path model = copyOfModel();
    Path weights = model.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);

    generatingFails(
        prompts("{\"prompt\": \"a\"}"),
        3,
        List.of("weights.safetensors"),
        "--model",
        model.toString());
  }

  @Test
  void modelOfANewerFormat() throws IOException {
    Path model = copyOfModel();
    Path description = model.resolve("bundle.json");
    String json = Files.readString(description);
    Files.writeString(description, json.replaceFirst("\"format\" : \\d+", "\"format\" : 99"));

    generatingFails(
        prompts("{\"prompt\": \"a\"}"), 3, List.of("newer", "99"), "--model", model.toString());
  }

  @Test
  void unusualPromptsAreToldOrRejectedOneByOne() throws IOException {
    Path input =
        prompts(
            "{\"id\": 0, \"prompt\": \"zyxw vuts rqpo\"}",
            "{\"id\": 1, \"prompt\": \"%s\"}".formatted("a b c ".repeat(17_000)),
            "{\"id\": 2, \"prompt\": \"\uD83D\uDC09 \uD83D\uDD25\"}",
            "{\"id\": 3, \"prompt\": null}",
            "{\"id\": 4, \"prompt\": \"\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD\"}",
            "{\"id\": 5, \"prompt\": \" \"}",
            "{\"id\": 6, \"prompt\": \"anna finds a map .\"}");
    Path output = folder.resolve("stories.jsonl");

    Commands.Result told = generate(input, "--output", output.toString());

    assertThat(told.status()).as("%s", told.err()).isZero();
    assertThat(told.json().get("rows").longValue()).isEqualTo(7);
    assertThat(told.json().get("rejected").longValue()).isEqualTo(3);
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          rows.add(new ObjectMapper().readTree(line));
        }
      }
    }
    assertThat(rows)
        .extracting(row -> row.get("id").intValue())
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    for (JsonNode row : rows) {
      boolean rejected = Set.of(1, 3, 5).contains(row.get("id").intValue());
      assertThat(row.get("finish_reason").textValue().equals("rejected")).isEqualTo(rejected);
      assertThat(row.get("error").isNull()).isEqualTo(!rejected);
      assertThat(row.get("story").isNull()).isEqualTo(rejected);
    }
  }

  @Test
  void tableWithoutPromptsGivesATableWithoutStories() throws IOException {
    Path input = folder.resolve("empty.parquet");
    try (SparkSession spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate()) {
      spark.range(0).selectExpr("id", "'x' as prompt").write().parquet(input.toString());
    }

    Commands.Result told = generate(input);

    assertThat(told.status()).as("%s", told.err()).isZero();
    assertThat(told.json().get("rows").longValue()).isZero();
    assertThat(folder.resolve("stories.parquet/_SUCCESS")).exists();
  }

  @Test
  void storyOfNoTokens() throws IOException {
    Path input = prompts("{\"prompt\": \"a\"}");

    generatingFails(input, 2, List.of("decode.max-tokens", "from 1"), "--max-tokens", "0");
    generatingFails(
        input,
        2,
        List.of("decode.min-tokens", "decode.max-tokens"),
        "--max-tokens=8",
        "--min-tokens=9");
  }

  @Test
  void modelThatLacksAFile() throws IOException {
    Path model = copyOfModel();
    Files.delete(model.resolve("vocabulary.tsv"));

    generatingFails(
        prompts("{\"prompt\": \"a\"}"), 3, List.of("vocabulary.tsv"), "--model", model.toString());
  }

  @Test
  void unequalFilesToEvaluateBy() throws IOException {
    Path source = Files.writeString(folder.resolve("s.txt"), "a\nb\n");
    Path target = Files.writeString(folder.resolve("t.txt"), "a\n");

    assertMistake(
        Commands.evaluate(
            "--source",
            source.toString(),
            "--target",
            target.toString(),
            "--set",
            "home=" + models.resolve("home")),
        3,
        "s.txt",
        "t.txt");
  }

  @Test
  void aSampleOfLessThanNothing() {
    assertMistake(
        Commands.evaluate("--source", "s.txt", "--target", "t.txt", "--sample", "-1"),
        2,
        "--sample",
        "-1");
  }

  @Test
  void moreAttentionThanThereAreStories() {
    assertMistake(
        Commands.evaluate("--source", "s", "--target", "t", "--sample=5", "--attention=6"),
        2,
        "--attention",
        "5",
        "6");
  }

  @Test
  void nothingToEvaluate() throws IOException {
    Path blank = Files.writeString(folder.resolve("blank.txt"), "\n\n");

    assertMistake(
        Commands.evaluate(
            "--source",
            blank.toString(),
            "--target",
            blank.toString(),
            "--set",
            "home=" + models.resolve("home")),
        3,
        "no prompt with a token");
  }
}
