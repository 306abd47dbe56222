package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.fixture.SmallBundle;

/** How a prompt is read, told without a story: by a model that reads eight tokens. */
final class PromptTest extends OneService {

  private static final String TOKEN = "alices-token-0123";

  private static HttpResponse<String> send(TestService to, String body, String... headers) {
    var request =
        to.request("/prompt")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return to.send(headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  private static JsonNode read(TestService by, String prompt) {
    HttpResponse<String> answer = send(by, TestService.json(Map.of("prompt", prompt)));
    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
    return TestService.tree(answer.body());
  }

  private static List<String> words(JsonNode reading, boolean known) {
    return StreamSupport.stream(reading.get("words").spliterator(), false)
        .filter(word -> word.get("known").booleanValue() == known)
        .map(word -> word.get("text").textValue())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a fox",
        "a fox, and the hen ran.",
        "a fox, and the hen ran...!",
        "the fox\nand the hen\n\nran",
        "fox(hen)fox[hen]",
        "owl owl owl owl owl owl owl owl owl owl",
        " *** "
      })
  void thePromptsThatAreTooLongAreThoseThatNoStoryIsWrittenFor(String prompt) {
    JsonNode reading = read(service, prompt);
    int tokens = reading.get("tokens").intValue();

    HttpResponse<String> story =
        service.send(service.generate(TestService.json(Map.of("prompt", prompt))));

    assertThat(reading.get("limit").intValue()).isEqualTo(8);
    assertThat(story.statusCode()).isEqualTo(tokens > 0 && tokens <= 8 ? 200 : 400);
    if (tokens > 8) {
      assertThat(problem(story, 400).get("detail").textValue())
          .isEqualTo("the prompt has " + tokens + " tokens, more than 8");
    }
  }

  @Test
  void wordsThatTheVocabularyLacksAreUnknown() {
    JsonNode reading = read(service, "The Owl sang, and the owl ran.");

    assertThat(words(reading, false)).containsExactly("owl", ",", "owl");
    assertThat(words(reading, true)).containsExactly("the", "sang", "and", "the", "ran");
    assertThat(reading.get("tokens").intValue()).isEqualTo(9); // the ninth is beyond the limit
  }

  @Test
  void nothingIsUnknownToAModelThatCopies(@TempDir Path other) {
    try (TestService copying =
        TestService.start(other, SmallBundle.ofDozenWords().withCopying(), "serve.port=0")) {
      assertThat(words(read(copying, "The owl sang."), false)).isEmpty();
    }
  }

  @Test
  void whatOnlySaysHowWordsStandIsNoWordButCounts() {
    JsonNode reading = read(service, "fox(hen)\nran");

    assertThat(reading.toString()).doesNotContain("<");
    assertThat(words(reading, true)).containsExactly("fox", "hen", "\n", "ran");
    assertThat(reading.get("words"))
        .extracting(word -> word.get("tokens").intValue())
        .satisfies(
            tokens ->
                assertThat(tokens.stream().mapToInt(each -> each).sum())
                    .isEqualTo(reading.get("tokens").intValue())
                    .isGreaterThan(tokens.size()));
  }

  @Test
  void theBeginningOfAStoryTellsTheSameWords() {
    String wish = "{\"prompt\": \"The owl(s) ran\"}";
    Events events =
        Events.parse(service.send(service.generate(wish, "Accept", "text/event-stream")).body());

    assertThat(events.named("prompt").get(0).get("words"))
        .isEqualTo(read(service, "The owl(s) ran").get("words"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"prompt\": null}",
        "{\"prompt\": 5}",
        "{\"prompt\": \"a\", \"n\": 1}",
        "["
      })
  void whatIsNoPromptIsRefused(String body) {
    problem(send(service, body), 400);
  }

  @Test
  void aPromptIsNoLargerThanARequestForAStory(@TempDir Path other) {
    try (TestService strict = TestService.start(other, "serve.max-body=256")) {
      problem(send(strict, TestService.json(Map.of("prompt", "owl ".repeat(100)))), 413);
    }
  }

  @Test
  void readingPromptsNeedsATokenButTakesNoneOfItsRequests(@TempDir Path other) throws IOException {
    Path tokens = TestService.tokensFile(other, "alice " + TOKEN);
    try (TestService guarded =
        TestService.start(
            other,
            "serve.tokens-file=" + tokens,
            "serve.requests-per-minute=1",
            "serve.unauthorized-seconds=0")) {
      String prompt = "{\"prompt\": \"a fox\"}";

      problem(send(guarded, prompt), 401);
      for (int typed = 0; typed < 5; typed++) {
        assertThat(send(guarded, prompt, "Authorization", "Bearer " + TOKEN).statusCode())
            .isEqualTo(200);
      }
    }
  }
}
