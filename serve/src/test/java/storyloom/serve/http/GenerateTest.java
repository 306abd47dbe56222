package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.PROMPT;
import static storyloom.serve.http.TestService.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.GeneratedStory;
import storyloom.model.decode.StoryDecoder;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.settings.Settings;

/** What is answered to one request. */
final class GenerateTest {

  @TempDir static Path home;

  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start(home, "decode.max-tokens=30", "serve.max-tokens=50");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static GeneratedStory generated(String prompt, String key, Settings settings) {
    org.apache.hadoop.fs.Path directory =
        new org.apache.hadoop.fs.Path(home.resolve("models").toString(), version());
    try (Bundle bundle = Bundle.read(directory, new Configuration())) {
      StoryDecoder decoder = new StoryDecoder(bundle, DecodeSettings.of(settings));
      return decoder.generate(List.of(new StoryDecoder.Request(prompt, key))).get(0);
    }
  }

  private static String version() {
    return TestService.tree(service.get("/model").body()).get("model").textValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"greedy", "sample", "beam"})
  void storyIsTheOneThatGenerateWrites(String strategy) {
    GeneratedStory expected =
        generated(PROMPT, "", service.settings().with("decode.strategy", strategy));

    JsonNode answer = service.story(Map.of("prompt", PROMPT, "strategy", strategy));

    assertThat(answer.get("story").textValue()).isEqualTo(expected.story()).isNotBlank();
    assertThat(answer.get("tokens").intValue()).isEqualTo(expected.tokens());
    assertThat(answer.get("finish_reason").textValue()).isEqualTo(expected.finishReason().label());
    assertThat(answer.get("log_prob").doubleValue()).isEqualTo(expected.logProb());
    assertThat(answer.get("model").textValue()).isEqualTo(version());
    assertThat(answer.get("seed").longValue()).isEqualTo(1);
  }

  @Test
  void everyFieldOfARequestCounts() {
    Settings settings =
        service
            .settings()
            .with("decode.strategy", "sample")
            .with("decode.temperature", "2.5")
            .with("decode.top-k", "0")
            .with("decode.top-p", "0.9")
            .with("decode.max-tokens", "41")
            .with("decode.min-tokens", "40")
            .with("decode.seed", "-7");

    JsonNode answer =
        service.story(
            Map.of(
                "prompt",
                PROMPT,
                "strategy",
                "sample",
                "temperature",
                2.5,
                "top_k",
                0,
                "top_p",
                0.9,
                "max_tokens",
                41,
                "min_tokens",
                40,
                "seed",
                -7));

    assertThat(answer.get("story").textValue()).isEqualTo(generated(PROMPT, "", settings).story());
    assertThat(answer.get("tokens").intValue()).isBetween(40, 41);
    assertThat(answer.get("seed").longValue()).isEqualTo(-7);
  }

  @Test
  void theKeptDraftIsTheOneThatGenerateKeeps() {
    Settings settings =
        service
            .settings()
            .with("decode.temperature", "3")
            .with("decode.min-p", "0.001")
            .with("decode.candidates", "5")
            .with("decode.prior-weight", "1");
    Map<String, Object> request =
        Map.of(
            "prompt", PROMPT, "temperature", 3, "min_p", 0.001, "candidates", 5, "prior_weight", 1);

    JsonNode answer = service.story(request);

    assertThat(answer.get("story").textValue()).isEqualTo(generated(PROMPT, "", settings).story());
    assertThat(answer.get("log_prob").doubleValue())
        .isEqualTo(generated(PROMPT, "", settings).logProb());
  }

  @Test
  void aServiceThatDraftsSeveralTellsOfAttentionWithOneDraftAndSharesItsRowsAmongStories(
      @TempDir Path other) {
    try (TestService drafting =
        TestService.start(other, "decode.candidates=8", "decode.batch=9", "serve.max-tokens=20")) {
      drafting.story(Map.of("prompt", "a fox", "attention", true));
      JsonNode four = drafting.story(Map.of("prompt", "a fox", "n", 4));

      assertThat(four.get("stories")).hasSize(4);
    }
  }

  @Test
  void severalStoriesBeginWithTheOneThatThereWouldBeAlone() {
    Map<String, Object> request = Map.of("prompt", PROMPT, "strategy", "sample", "temperature", 3);
    JsonNode alone = service.story(request);

    JsonNode answer =
        service.story(Map.of("prompt", PROMPT, "strategy", "sample", "temperature", 3, "n", 4));

    List<String> stories =
        StreamSupport.stream(answer.get("stories").spliterator(), false)
            .map(story -> story.get("story").textValue())
            .toList();
    assertThat(stories).hasSize(4).doesNotHaveDuplicates();
    assertThat(answer.get("story")).isEqualTo(alone.get("story"));
    assertThat(stories.get(0)).isEqualTo(alone.get("story").textValue());
    assertThat(stories.get(2))
        .isEqualTo(
            generated(PROMPT, "2", service.settings().with("decode.temperature", "3")).story());
  }

  @Test
  void aBeamGivesItsBestStoriesBestFirst() {
    JsonNode answer =
        service.story(Map.of("prompt", PROMPT, "strategy", "beam", "beam", 4, "n", 3));

    assertThat(answer.get("stories")).hasSize(3);
    assertThat(answer.get("stories").get(0).get("story")).isEqualTo(answer.get("story"));
    assertThat(answer.get("stories"))
        .extracting(GenerateTest::rank)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  /** What a beam search prefers: the log probability divided by GNMT's penalty of the length. */
  private static double rank(JsonNode story) {
    boolean ended = story.get("finish_reason").textValue().equals("end");
    int length = story.get("tokens").intValue() + (ended ? 1 : 0);
    double penalty = service.settings().number("decode.length-penalty");
    return story.get("log_prob").doubleValue() * length / Math.pow((5 + length) / 6.0, penalty);
  }

  @Test
  void attentionTellsWeightsOverThePromptForEachWordOfTheStory() {
    JsonNode answer = service.story(Map.of("prompt", PROMPT, "attention", true));

    JsonNode attention = answer.get("attention");
    assertThat(attention.get("prompt"))
        .extracting(JsonNode::textValue)
        .containsExactly("the", "fox", "and", "the", "hen");
    StringBuilder story = new StringBuilder();
    for (JsonNode word : attention.get("words")) {
      story.append(word.get("text").textValue());
      double all =
          IntStream.range(0, 5).mapToDouble(i -> word.get("weights").get(i).doubleValue()).sum();
      assertThat(all).isBetween(0.999, 1.001);
      assertThat(word.get("weights")).hasSize(5);
    }
    assertThat(story).hasToString(answer.get("story").textValue());
  }

  @Test
  void anotherSeedTellsAnotherStory() {
    Map<String, Object> request = Map.of("prompt", PROMPT, "temperature", 3, "seed", 5);

    assertThat(service.story(request).get("story")).isEqualTo(service.story(request).get("story"));
    assertThat(service.story(Map.of("prompt", PROMPT, "temperature", 3, "seed", 6)).get("story"))
        .isNotEqualTo(service.story(request).get("story"));
  }

  @Test
  void aWholeNumberIsOneHoweverItIsWritten() {
    HttpResponse<String> answer =
        service.send(
            service.generate(
                "{\"prompt\": \"a fox\", \"max_tokens\": 9.0, \"min_tokens\": 0.9e1, \"seed\": -1e18}"));

    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
    JsonNode story = TestService.tree(answer.body());
    assertThat(story.get("tokens").intValue()).isEqualTo(9);
    assertThat(story.get("seed").longValue()).isEqualTo(-1_000_000_000_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                             | prompt must be there",
        "{'prompt': null}                               | prompt must be there",
        "{'prompt': 5}                                  | prompt must be text",
        "{'prompt': 'a fox', 'temprature': 1}           | there is no field \"temprature\"",
        "{'prompt': 'a fox', 'temperature': '1'}        | temperature must be a number from 0.01",
        "{'prompt': 'a fox', 'temperature': 0}          | temperature must be a number from 0.01",
        "{'prompt': 'a fox', 'temperature': 1e999}      | temperature must be a number",
        "{'prompt': 'a fox', 'top_k': 1.5}              | top_k must be a whole number",
        "{'prompt': 'a fox', 'top_p': 1.01}             | top_p must be a number",
        "{'prompt': 'a fox', 'min_p': -0.1}             | min_p must be a number from 0.0 to 1",
        "{'prompt': 'a fox', 'candidates': 65}          | candidates must be a whole number from 1 to 64",
        "{'prompt': 'a fox', 'candidates': 17, 'n': 4}  | n times candidates must be at most 64, not 68",
        "{'prompt': 'a fox', 'candidates': 2, 'attention': true} | candidates must be 1 with attention",
        "{'prompt': 'a fox', 'max_tokens': 51}          | max_tokens must be a whole number from 1 to 50",
        "{'prompt': 'a fox', 'seed': 9223372036854775808} | seed must be a whole number",
        "{'prompt': 'a fox', 'max_tokens': 9, 'min_tokens': 10} | min_tokens must be at most max_tokens",
        "{'prompt': 'a fox', 'seed': 9223372036854775808} | seed must be a whole number",
        "{'prompt': 'a fox', 'seed': 9.223372036854776e18} | seed must be a whole number",
        "{'prompt': 'a fox', 'n': 1.5}                  | n must be a whole number",
        "{'prompt': 'a fox', 'n': 4294967297}           | n must be a whole number",
        "{'prompt': 'a fox', 'strategy': 'best'}        | strategy must be greedy or beam or sample",
        "{'prompt': 'a fox', 'attention': 1}            | attention must be true or false",
        "{'prompt': 'a fox', 'n': 9}                    | n must be a whole number from 1 to 8",
        "{'prompt': 'a fox', 'n': 2, 'strategy': 'greedy'} | n must be 1 with the strategy greedy",
        "{'prompt': 'a fox', 'n': 3, 'beam': 2, 'strategy': 'beam'} | n must be at most beam",
        "{'prompt': 'a fox', 'attention': true, 'strategy': 'beam'} | attention is told",
        "{'prompt': 'a fox', 'prompt': 'a hen'}         | it is no JSON",
        "{'prompt': 'a fox'} {}                         | it is no JSON",
        "['a fox']                                      | it is not an object",
        "{'prompt': '  '}                               | the prompt is blank",
        "{'prompt': 'a fox a fox a fox a fox a fox'}    | the prompt has 10 tokens, more than 8",
      })
  void whatIsWrongIsNamed(String body, String detail) {
    JsonNode problem = problem(service.send(service.generate(body.replace('\'', '"'))), 400);

    assertThat(problem.get("detail").textValue()).contains(detail);
    assertThat(problem.get("type").textValue()).isEqualTo("urn:storyloom:problem:invalid-request");
  }

  @Test
  void onlyJsonIsTaken() {
    problem(
        service.send(
            service
                .request("/generate")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"prompt\": \"a fox\"}"))
                .build()),
        415);
  }

  @Test
  void aBodyHasItsGreatestLength() {
    String fill = " ".repeat(65536 - "{\"prompt\": \"a fox\"}".length());

    assertThat(service.send(service.generate("{\"prompt\": \"a fox\"}" + fill)).statusCode())
        .isEqualTo(200);
    problem(service.send(service.generate("{\"prompt\": \"a fox\"}" + fill + " ")), 413);
  }

  @Test
  void aBodyOfUnknownLengthHasTheSameGreatestLength() {
    byte[] body = new byte[70_000];
    problem(
        service.send(
            service
                .request("/generate")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                .build()),
        413);
  }

  @Test
  void otherPathsAndMethodsAreProblemsToo() {
    problem(service.get("/stories"), 404);
    problem(service.get("/storyloom/serve/openapi.json"), 404);
    problem(service.get("/generate"), 405);
  }

  @Test
  void modelTellsWhereItComesFromAndWhatMayBeAskedFor() {
    JsonNode model = TestService.tree(service.get("/model").body());

    assertThat(model.get("limits").get("max_tokens").intValue()).isEqualTo(50);
    assertThat(model.get("limits").get("prompt_tokens").intValue()).isEqualTo(8);
    assertThat(model.get("defaults").get("strategy").textValue()).isEqualTo("sample");
    assertThat(model.get("defaults").get("max_tokens").intValue()).isEqualTo(30);
    assertThat(model.get("provenance").get("corpus_sha256").textValue()).isEqualTo("corpus");
  }

  @Test
  void everyAnswerForbidsBrowsersWhatThePageDoesNotNeed() {
    for (String path : List.of("/model", "/nothing", "/openapi.json")) {
      assertThat(service.get(path).headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'self'"));
      assertThat(service.get(path).headers().firstValue("X-Content-Type-Options"))
          .contains("nosniff");
      assertThat(service.get(path).headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(service.get(path).headers().firstValue("Server")).isEmpty();
    }
  }

  @Test
  void aModelWithoutAttentionSaysSo(@TempDir Path other) {
    try (TestService without =
        TestService.start(other, SmallBundle.ofDozenWords().with(AttentionKind.NONE))) {
      JsonNode problem =
          problem(
              without.send(without.generate("{\"prompt\": \"a fox\", \"attention\": true}")), 400);

      assertThat(problem.get("detail").textValue()).contains("this model has none");
    }
  }
}
