package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.PROMPT;
import static storyloom.serve.http.TestService.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.fixture.SmallBundle;

/** Stories that are streamed word by word. */
final class StreamTest {

  @TempDir static Path home;

  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start(home, "decode.max-tokens=40", "decode.temperature=3");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static HttpResponse<String> stream(Map<String, ?> request) {
    return service.send(service.generate(TestService.json(request), "Accept", "text/event-stream"));
  }

  private static Events events(Map<String, ?> request) {
    HttpResponse<String> answer = stream(request);
    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    return Events.parse(answer.body());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void wordsTogetherAreTheStoryThatIsToldAtTheEnd(long seed) {
    Map<String, Object> request = Map.of("prompt", PROMPT, "seed", seed, "min_tokens", 10);

    Events events = events(request);

    JsonNode story = events.named("story").get(0);
    assertThat(events.text()).isEqualTo(story.get("story").textValue());
    assertThat(events.named("token").size()).isGreaterThan(3);
    assertThat(story).isEqualTo(service.story(request));
    assertThat(events.names()).startsWith("prompt", "token").endsWith("story");
  }

  @Test
  void theBeginningTellsHowThePromptIsRead() {
    JsonNode beginning = events(Map.of("prompt", PROMPT, "seed", 9)).named("prompt").get(0);

    assertThat(beginning.get("seed").longValue()).isEqualTo(9);
    assertThat(beginning.get("prompt"))
        .extracting(JsonNode::textValue)
        .containsExactly("the", "fox", "and", "the", "hen");
  }

  @Test
  void weightsComeWithEachWordIfTheyAreAskedFor() {
    Events events = events(Map.of("prompt", PROMPT, "attention", true));

    assertThat(events.named("token"))
        .isNotEmpty()
        .allSatisfy(token -> assertThat(token.get("weights")).hasSize(5));
    assertThat(events.named("story").get(0).get("attention").get("words"))
        .containsExactlyElementsOf(events.named("token"));
  }

  @Test
  void aBeamIsSilentUntilTheEnd() {
    assertThat(events(Map.of("prompt", PROMPT, "strategy", "beam", "n", 2)).names())
        .isEqualTo(List.of("prompt", "story"));
  }

  @Test
  void mistakesAreToldBeforeTheStreamBegins() {
    problem(stream(Map.of("prompt", PROMPT, "n", 2)), 400);
    problem(stream(Map.of("prompt", "")), 400);
  }

  @Test
  void whatGoesWrongOnTheWayIsTheLastEvent(@TempDir Path other) {
    try (TestService hurried =
        TestService.start(
            other,
            SmallBundle.ofManyWords(4000, 200),
            "serve.max-tokens=10000",
            "serve.request-seconds=0.05")) {
      String endless = "{\"prompt\": \"a fox\", \"max_tokens\": 10000, \"min_tokens\": 10000}";

      Events events =
          Events.parse(
              hurried.send(hurried.generate(endless, "Accept", "text/event-stream")).body());

      assertThat(events.names()).startsWith("prompt").endsWith("problem").doesNotContain("story");
      JsonNode problem = events.named("problem").get(0);
      assertThat(problem.get("status").intValue()).isEqualTo(503);
      assertThat(problem.get("type").textValue()).isEqualTo("urn:storyloom:problem:timeout");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream                            | text/event-stream",
        "Text/Event-Stream                            | text/event-stream",
        "text/event-stream;q=0                        | application/json",
        "text/event-stream; Q=0.000, */*;q=0.1        | application/json",
        "text/event-stream;q=0, text/*                | application/json",
        "text/event-stream;charset=utf-8;q=0          | application/json",
        "application/json, text/event-stream;q=0.5    | application/json",
        "application/json;q=0.5, text/event-stream    | text/event-stream",
        "application/json, text/event-stream          | text/event-stream",
        "text/event-stream, */*;q=0.8                 | text/event-stream",
        "text/*                                       | text/event-stream",
        "*/*                                          | application/json",
        "image/png                                    | application/json",
        "text/event-streams                           | application/json",
        "text/event-stream;q=nonsense                 | text/event-stream",
        ";,;q=,                                       | application/json"
      })
  void whatIsSentIsWhatTheClientLikesBest(String accept, String type) {
    HttpResponse<String> answer =
        service.send(service.generate("{\"prompt\": \"a fox\"}", "Accept", accept));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
  }

  @Test
  void severalHeadersCountAsOne() {
    HttpResponse<String> answer =
        service.send(
            service.generate(
                "{\"prompt\": \"a fox\"}",
                "Accept",
                "application/json;q=0.5",
                "Accept",
                "text/event-stream"));

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
  }
}
