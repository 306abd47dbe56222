package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.jobs.Mistake.assertMistakeLeavesNothing;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Prompts and options that no story can be written for end generate, and leave nothing behind. */
@ExtendWith(SmallModel.Once.class)
final class BadPromptsTest {

  private final SmallModel model;

  @TempDir Path folder;

  BadPromptsTest(SmallModel model) {
    this.model = model;
  }

  private Path prompts(String... lines) throws IOException {
    return Files.write(folder.resolve("prompts.jsonl"), List.of(lines));
  }

  private void generatingFails(Path input, int status, List<String> words, String... more) {
    assertMistakeLeavesNothing(
        folder, () -> model.generate(input, more), status, words.toArray(String[]::new));
  }

  @Test
  void promptsThatAreNotThere() {
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

    Commands.Result told = model.generate(input, "--columns", "story=tale,finish_reason=end");

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

    Commands.Result told = model.generate(input, "--output", output.toString());

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

    Commands.Result told = model.generate(input);

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
}
