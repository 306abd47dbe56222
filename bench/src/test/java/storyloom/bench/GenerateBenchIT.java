package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged generate.jar, measured with a few prompts. */
class GenerateBenchIT {

  private static final int PROMPTS = 150;
  private static final int STORY = 6;

  private static JsonNode figures(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "generate",
                "--prompts=" + PROMPTS,
                "--vocabulary=50",
                "--embedding=4",
                "--hidden=4",
                "--batch=16",
                "--max-story=" + STORY,
                "--no-end"));
    arguments.addAll(List.of(more));
    return BenchRun.of(arguments.toArray(String[]::new)).figures();
  }

  @Test
  void theStartIsToldApartFromTheWriting() throws Exception {
    JsonNode figures = figures();

    assertThat(figures.get("tokens").asLong()).isEqualTo(PROMPTS * STORY);
    double writing = figures.get("writing_seconds").asDouble();
    double speed = figures.get("tokens_per_second").asDouble();
    assertThat(speed).isCloseTo(PROMPTS * STORY / writing, within(1e-6));
    assertThat(figures.get("share_of_decode").asDouble())
        .isCloseTo(speed / figures.get("decode_tokens_per_second").asDouble(), within(1e-9));
    assertThat(figures.get("start_seconds").asDouble()).isPositive();
    assertThat(figures.get("whole_seconds").asDouble())
        .isGreaterThan(figures.get("start_seconds").asDouble() + writing);
    assertThat(figures.get("slots").asInt()).isEqualTo(2);
    assertThat(figures.get("threads").asInt()).isEqualTo(2);
    assertThat(figures.get("batch").asInt()).isEqualTo(16);
    assertThat(figures.get("precision").asText()).isEqualTo("float32");
    assertThat(figures.has("ratio")).isFalse();
  }

  @Test
  @Tag("soak")
  void twoExecutorsWriteTheStoriesOfOneThoughOneIsKilled() throws Exception {
    JsonNode figures = figures("--executors=1,2", "--kill", "--set=decode.strategy=sample");

    JsonNode speeds = figures.get("executors_tokens_per_second");
    assertThat(speeds.fieldNames()).toIterable().containsExactly("1", "2");
    assertThat(figures.get("ratio").asDouble())
        .isCloseTo(speeds.get("2").asDouble() / speeds.get("1").asDouble(), within(1e-9));
    assertThat(figures.get("killed_tasks").asInt()).isEqualTo(2);
    assertThat(figures.get("killed_tasks_lost").asInt()).isLessThanOrEqualTo(2);
  }
}
