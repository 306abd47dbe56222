package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.decode.DecodingOption;

/** The description of the API is one, and what it says is so. */
final class OpenApiTest extends OneService {

  private static final String TOKEN = "roots-token-45678";

  private static ObjectNode description;

  @BeforeAll
  static void read() {
    description = (ObjectNode) TestService.tree(service.get("/openapi.json").body());
  }

  @Test
  void descriptionIsValid() {
    SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(description.toString());

    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getPaths())
        .containsOnlyKeys(
            "/generate",
            "/prompt",
            "/model",
            "/health/live",
            "/health/ready",
            "/metrics",
            "/admin/reload",
            "/openapi.json");
  }

  /** What the request of the description may choose is what the service gives a default for. */
  @Test
  void everyOptionOfARequestIsDescribedWithItsRange() {
    JsonNode fields = description.at("/components/schemas/Wish/properties");
    JsonNode defaults = answer("/model").get("defaults");

    assertThat(defaults.fieldNames())
        .toIterable()
        .allSatisfy(name -> assertThat(fields.has(name)).as(name).isTrue());
    for (DecodingOption option :
        List.of(
            DecodingOption.TEMPERATURE,
            DecodingOption.TOP_K,
            DecodingOption.TOP_P,
            DecodingOption.MIN_P,
            DecodingOption.PRIOR_WEIGHT)) {
      JsonNode field = fields.get(option.label().replace('-', '_'));
      assertThat(option.range())
          .endsWith(" from %s to %s".formatted(field.get("minimum"), field.get("maximum")));
    }
    assertThat(DecodingOption.STRATEGY.range())
        .isEqualTo(
            StreamSupport.stream(fields.at("/strategy/enum").spliterator(), false)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.joining(" or ")));
  }

  /** At the limit and one beyond it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n          | 3                    | 4                    | \"strategy\": \"sample\"",
        "candidates | 64                   | 65                   | \"max_tokens\": 2",
        "beam       | 5                    | 6                    | \"strategy\": \"beam\"",
        "max_tokens | 20                   | 21                   | \"min_tokens\": 20",
        "min_tokens | 20                   | 21                   | \"max_tokens\": 20",
        "seed       | 9223372036854775807  | 9223372036854775808  | \"n\": 1",
        "seed       | -9223372036854775808 | -9223372036854775809 | \"n\": 1"
      })
  void whatIsDescribedIsAnsweredAndWhatIsNotIsRefused(
      String field, String most, String more, String others, @TempDir Path other) {
    try (TestService strict =
        TestService.start(
            other, "serve.max-stories=3", "serve.max-beam=5", "serve.max-tokens=20")) {
      JsonSchema wish = schema(TestService.tree(strict.get("/openapi.json").body()), "Wish");
      String request = "{\"prompt\": \"a fox\", \"%s\": %s, %s}";
      String good = request.formatted(field, most, others);
      String bad = request.formatted(field, more, others);

      assertThat(wish.validate(TestService.tree(good))).isEmpty();
      assertThat(wish.validate(TestService.tree(bad))).isNotEmpty();
      assertThat(strict.send(strict.generate(good)).statusCode()).isEqualTo(200);
      assertThat(strict.send(strict.generate(bad)).statusCode()).isEqualTo(400);
    }
  }

  /** What a schema says of fields that belong together. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sample | true  | \"n\": 4, \"beam\": 2, \"attention\": true",
        "sample | false | \"n\": 2, \"strategy\": \"greedy\"",
        "sample | true  | \"n\": 1, \"strategy\": \"greedy\", \"attention\": true",
        "sample | true  | \"n\": null, \"strategy\": \"greedy\"",
        "sample | true  | \"n\": 2, \"strategy\": \"beam\"",
        "sample | false | \"n\": 3, \"strategy\": \"beam\"",
        "sample | false | \"n\": 3, \"strategy\": \"beam\", \"beam\": null",
        "sample | true  | \"n\": 3, \"strategy\": \"beam\", \"beam\": 3",
        "sample | false | \"n\": 4, \"strategy\": \"beam\", \"beam\": 3",
        "sample | false | \"attention\": true, \"strategy\": \"beam\"",
        "sample | true  | \"attention\": null, \"strategy\": \"beam\"",
        "sample | true  | \"attention\": true, \"candidates\": 1",
        "sample | false | \"attention\": true, \"candidates\": 2",
        "sample | true  | \"candidates\": 8, \"n\": 4",
        "greedy | true  | \"candidates\": 8, \"prior_weight\": 0",
        "beam   | true  | \"candidates\": 8, \"n\": 2",
        "beam   | false | \"attention\": true",
        "beam   | false | \"attention\": true, \"strategy\": null",
        "beam   | true  | \"attention\": true, \"strategy\": \"sample\"",
        "beam   | false | \"n\": 3",
        "greedy | false | \"n\": 2",
        "greedy | true  | \"n\": 2, \"strategy\": \"sample\"",
        "greedy | true  | \"seed\": 5.0, \"top_k\": 2e0",
        "greedy | false | \"seed\": 5.5"
      })
  void fieldsThatDoNotGoTogetherAreRefusedByDescriptionAndService(
      String usual, boolean good, String fields, @TempDir Path other) {
    try (TestService strict =
        TestService.start(
            other,
            "decode.strategy=" + usual,
            "decode.beam-size=2",
            "serve.max-stories=4",
            "serve.max-beam=4",
            "serve.max-tokens=20")) {
      JsonSchema wish = schema(TestService.tree(strict.get("/openapi.json").body()), "Wish");
      String request = "{\"prompt\": \"a fox\", %s}".formatted(fields);

      assertThat(wish.validate(TestService.tree(request)).isEmpty()).isEqualTo(good);
      assertThat(strict.send(strict.generate(request)).statusCode()).isEqualTo(good ? 200 : 400);
    }
  }

  private static JsonSchema schema(JsonNode of, String name) {
    ObjectNode root = of.deepCopy();
    root.put("$ref", "#/components/schemas/" + name);
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(root);
  }

  private static void assertIs(String schema, JsonNode value) {
    assertThat(schema(description, schema).validate(value)).as("%s", value).isEmpty();
  }

  private static JsonNode answer(String path) {
    return TestService.tree(service.get(path).body());
  }

  @Test
  void answersAreAsDescribed() {
    assertIs("Model", answer("/model"));
    assertIs("Health", answer("/health/live"));
    assertIs("Health", answer("/health/ready"));
    assertIs("Stories", service.story(Map.of("prompt", "a fox")));
    assertIs("Stories", service.story(Map.of("prompt", "a fox", "attention", true)));
    assertIs("Stories", service.story(Map.of("prompt", "a fox", "n", 3, "strategy", "sample")));
  }

  @Test
  void eventsAreAsDescribed() {
    HttpResponse<String> stream =
        service.send(
            service.generate(
                "{\"prompt\": \"a fox\", \"attention\": true}", "Accept", "text/event-stream"));
    Events events = Events.parse(stream.body());

    assertThat(events.names()).contains("prompt", "token", "story");
    events.named("prompt").forEach(event -> assertIs("Beginning", event));
    events.named("token").forEach(event -> assertIs("Word", event));
    events.named("story").forEach(event -> assertIs("Stories", event));
  }

  @Test
  void problemsAreAsDescribed() {
    assertIs("Problem", answer("/nothing"));
    assertIs("Problem", TestService.tree(service.send(service.generate("{}")).body()));
    assertIs("Problem", TestService.tree(service.send(service.generate("[")).body()));
  }

  /** The status, the media type and the content of an answer are among those described for it. */
  private static void assertDescribed(
      JsonNode of, String method, String path, HttpResponse<String> answer) {
    JsonNode responses =
        of.get("paths").get(path).get(method.toLowerCase(Locale.ROOT)).get("responses");
    String status = Integer.toString(answer.statusCode());
    JsonNode response = responses.has(status) ? responses.get(status) : responses.get("default");
    String type = answer.headers().firstValue("Content-Type").orElseThrow().split(";")[0];
    JsonNode content = response.get("content").get(type);

    assertThat(content).as("%s %s: %s as %s", method, path, status, type).isNotNull();
    if (response.has("headers") && responses.has(status) && answer.statusCode() != 415) {
      assertThat(response.get("headers").fieldNames())
          .toIterable()
          .allSatisfy(name -> assertThat(answer.headers().firstValue(name)).as(name).isPresent());
    }
    String reference = content.at("/schema/$ref").asText();
    if (!reference.isEmpty()) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      assertThat(schema(of, name).validate(TestService.tree(answer.body()))).isEmpty();
    }
  }

  @Test
  void whateverIsAskedTheAnswerIsAsDescribed() {
    for (String path :
        List.of("/model", "/health/live", "/health/ready", "/metrics", "/openapi.json")) {
      assertDescribed(description, "GET", path, service.get(path));
    }
    for (String body :
        List.of(
            "{\"prompt\": \"a fox\"}",
            "{\"prompt\": \"\"}",
            "{\"prompt\": \"fox \\u0000\", \"seed\": 1e400}",
            "null",
            "",
            "x".repeat(70_000))) {
      assertDescribed(description, "POST", "/generate", service.send(service.generate(body)));
    }
    assertDescribed(
        description,
        "POST",
        "/generate",
        service.send(service.generate("{\"prompt\": \"a fox\"}", "Accept", "text/event-stream")));
    assertDescribed(description, "POST", "/generate", service.send("POST", "/generate"));
    for (String body : List.of("{\"prompt\": \"a fox, an owl\"}", "{\"prompt\": \"\"}", "{}")) {
      assertDescribed(
          description,
          "POST",
          "/prompt",
          service.send(
              service
                  .request("/prompt")
                  .header("Content-Type", "application/json")
                  .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                  .build()));
    }
    assertDescribed(description, "POST", "/admin/reload", service.send("POST", "/admin/reload"));
  }

  /** Besides, RFC 9110 wants HEAD where there is GET. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"})
  void methodsThatAreNotDescribedAreNotAllowed(String method) {
    description
        .get("paths")
        .fields()
        .forEachRemaining(
            path -> {
              Set<String> described = new TreeSet<>();
              path.getValue()
                  .fieldNames()
                  .forEachRemaining(name -> described.add(name.toUpperCase(Locale.ROOT)));
              if (described.contains("GET")) {
                described.add("HEAD");
              }
              if (!described.contains(method)) {
                HttpResponse<String> answer = service.send(method, path.getKey());
                assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow"))
                    .contains(String.join(", ", described));
              }
            });
  }

  /** With each path, what is answered to whom shows nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "false | /model,/metrics | ",
        "false |                 | ",
        "true  | /model,/metrics | /generate,/admin/reload,/prompt",
        "true  | /metrics,/prompt | /generate,/admin/reload,/model",
        "true  |                 | /generate,/admin/reload,/model,/metrics,/prompt"
      })
  void whatNeedsATokenIsDescribed(boolean tokens, String open, String guarded, @TempDir Path other)
      throws IOException {
    String file =
        tokens ? TestService.tokensFile(other, "root " + TOKEN + " admin").toString() : "";
    try (TestService strict =
        TestService.start(
            other,
            "serve.tokens-file=" + file,
            "serve.open-paths=" + (open == null ? "" : open),
            "serve.unauthorized-seconds=0")) {
      JsonNode own = TestService.tree(strict.get("/openapi.json").body());
      Set<String> secured = guarded == null ? Set.of() : Set.of(guarded.split(","));
      own.get("paths")
          .fields()
          .forEachRemaining(
              path -> {
                String method = path.getValue().fieldNames().next();
                JsonNode operation = path.getValue().get(method);
                String asked = method.toUpperCase(Locale.ROOT);
                HttpResponse<String> stranger = strict.send(asked, path.getKey());

                assertThat(operation.has("security"))
                    .as(path.getKey())
                    .isEqualTo(secured.contains(path.getKey()));
                assertThat(operation.get("responses").has("401"))
                    .isEqualTo(operation.has("security"));
                assertThat(stranger.statusCode() == 401)
                    .as(path.getKey())
                    .isEqualTo(operation.has("security"));
                assertDescribed(own, asked, path.getKey(), stranger);
                if (tokens) {
                  assertDescribed(
                      own,
                      asked,
                      path.getKey(),
                      strict.send(asked, path.getKey(), "Authorization", "Bearer " + TOKEN));
                }
              });
    }
  }

  @Test
  void aSchemaThatDoesNotFitIsNoticed() {
    assertThat(schema(description, "Problem").validate(TestService.tree("{\"title\": 5}")))
        .isNotEmpty();
  }
}
