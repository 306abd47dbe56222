package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static storyloom.serve.http.TestService.await;
import static storyloom.serve.http.TestService.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;
import storyloom.serve.http.FaultyFiles.Fault;

/** Another model becomes the current one while stories are written. */
final class ReloadTest {

  private static final String TOKEN = "roots-token-45678";
  private static final SmallBundle SLOW = SmallBundle.ofManyWords(4000, 200);
  private static final String LONG =
      "{\"prompt\": \"a fox\", \"max_tokens\": 400, \"min_tokens\": 400}";

  @TempDir Path home;

  private String tokens;

  @BeforeEach
  void writeTokens() throws IOException {
    Path file = TestService.tokensFile(home, "root " + TOKEN + " admin");
    tokens = "serve.tokens-file=" + file;
  }

  private TestService start(SmallBundle model, String... more) {
    List<String> settings = new ArrayList<>(List.of(tokens, "serve.reload-seconds=0"));
    settings.addAll(List.of(more));
    return TestService.start(home, model, settings.toArray(String[]::new));
  }

  private static HttpResponse<String> reload(TestService service) {
    return service.send(
        service
            .request("/admin/reload")
            .header("Authorization", "Bearer " + TOKEN)
            .POST(BodyPublishers.noBody())
            .build());
  }

  private static HttpResponse<String> ask(TestService service, String request) {
    return service.send(service.generate(request, "Authorization", "Bearer " + TOKEN));
  }

  private static String model(TestService service) {
    return TestService.tree(service.get("/model").body()).get("model").textValue();
  }

  @Test
  void aBannedWordThatIsNoneIsRefusedAtTheStart() {
    assertThatThrownBy(() -> start(SmallBundle.ofDozenWords(), "decode.banned-words=fox,<br>"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("decode.banned-words holds \"<br>\"");
  }

  @Test
  void storiesUnderWayAreFinishedWithTheModelThatBeganThem() throws Exception {
    try (TestService service = start(SLOW)) {
      String old = model(service);
      JsonNode alone = TestService.tree(ask(service, LONG).body());
      CompletableFuture<HttpResponse<String>> running =
          CompletableFuture.supplyAsync(() -> ask(service, LONG));
      await("it is being written", () -> service.metric("storyloom_rows") == 1);
      String fresh = TestService.promote(home, SLOW.withSeed(4));

      JsonNode reloaded = TestService.tree(reload(service).body());

      assertThat(reloaded.get("changed").booleanValue()).isTrue();
      assertThat(reloaded.get("model").textValue()).isEqualTo(fresh).isNotEqualTo(old);
      assertThat(TestService.tree(ask(service, "{\"prompt\": \"a fox\"}").body()).get("model"))
          .isEqualTo(reloaded.get("model"));
      assertThat(TestService.tree(running.get().body())).isEqualTo(alone);
    }
  }

  @Test
  void aNewModelIsFoundWithoutBeingTold() {
    try (TestService service = TestService.start(home, tokens, "serve.reload-seconds=0.1")) {
      String fresh = TestService.promote(home, SmallBundle.ofDozenWords().withSeed(4));

      await("the new one writes", () -> model(service).equals(fresh));
    }
  }

  /** The local file system of Hadoop throws an error, no exception, where a disk is broken. */
  @ParameterizedTest
  @EnumSource(names = {"INPUT_OUTPUT", "OF_JAVA"})
  @EnabledOnOs(OS.LINUX)
  void aNewModelIsFoundAfterWhateverFaults(Fault fault) {
    try (TestService service =
        TestService.onFaultyFiles(home, SmallBundle.ofDozenWords(), "serve.reload-seconds=0.05")) {
      FaultyFiles.set(fault);
      await("two looks fail", () -> service.metric("storyloom_model_look_failures") >= 2);
      FaultyFiles.set(Fault.NONE);
      String fresh = TestService.promote(home, SmallBundle.ofDozenWords().withSeed(4));

      await("the new one writes", () -> model(service).equals(fresh));
    } finally {
      FaultyFiles.set(Fault.NONE);
    }
  }

  @Test
  void theTimeOfTheLastLookGoesOn() {
    String time = "storyloom_model_look_timestamp_seconds";
    double started = System.currentTimeMillis() / 1e3;
    try (TestService service = TestService.start(home, tokens, "serve.reload-seconds=0.05")) {
      double early = service.metric(time);

      assertThat(early).isBetween(started, System.currentTimeMillis() / 1e3);
      await("there is another look", () -> service.metric(time) > early);
      assertThat(service.metric("storyloom_model_look_failures")).isZero();
    }
  }

  @Test
  void aDamagedModelIsRefusedAndTheOldOneGoesOn() throws IOException {
    try (TestService service = start(SmallBundle.ofDozenWords())) {
      String old = model(service);
      String bad = SmallBundle.ofDozenWords().withSeed(4).writeTo(home.resolve("models"));
      Path weights = home.resolve("models").resolve(bad).resolve("weights.safetensors");
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length - 1] ^= 1;
      Files.write(weights, bytes);
      new Registry(home.toString(), new Configuration()).promote(bad);

      JsonNode problem = problem(reload(service), 409);

      assertThat(problem.get("detail").textValue()).contains("weights.safetensors");
      assertThat(model(service)).isEqualTo(old);
      assertThat(ask(service, "{\"prompt\": \"a fox\"}").statusCode()).isEqualTo(200);
      assertThat(service.metric("storyloom_model_refusals")).isEqualTo(1);
    }
  }

  /** Its checksums fit, so somebody has written that on purpose. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(?s).*                     | null",
        "(?s).*                     | []",
        "\"format\" : \\d+           | \"format\" : {}",
        "\"createdAt\" : \"[^\"]*\"    | \"createdAt\" : \"2026-13-45T00:00:00Z\"",
        "\"createdAt\" : \"[^\"]*\"    | \"createdAt\" : null",
        "\"tokenizer\" : \"words\"    | \"tokenizer\" : null",
        "\"tokenizer\" : \"words\"    | \"tokenizer\" : \"nonsense\"",
        "\"rules\" : \\[             | \"rules\" : [ null,",
      })
  void aModelIsRefusedWhateverItsDescriptionSays(String part, String instead) throws IOException {
    try (TestService service = start(SmallBundle.ofDozenWords())) {
      String old = model(service);
      String odd = SmallBundle.ofDozenWords().withSeed(4).writeTo(home.resolve("models"));
      describe(home.resolve("models").resolve(odd), part, instead);
      new Registry(home.toString(), new Configuration()).promote(odd);

      JsonNode problem = problem(reload(service), 409);

      assertThat(problem.get("type").textValue()).isEqualTo("urn:storyloom:problem:model-refused");
      assertThat(service.models().refresh(false)).as("it is tried again").isFalse();
      assertThat(service.metric("storyloom_model_refusals")).isEqualTo(1);
      assertThat(model(service)).isEqualTo(old);
    }
  }

  private static void describe(Path bundle, String part, String instead) throws IOException {
    Path file = bundle.resolve("bundle.json");
    Path sums = bundle.resolve("SHA256SUMS");
    String before = Files.readString(file);
    String after = before.replaceFirst(part, instead);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
    Files.writeString(sums, Files.readString(sums).replace(Sha256.hex(before), Sha256.hex(after)));
  }

  @Test
  void aModelThatWasRefusedIsNotTriedAgainUntilSomebodyAsks() throws IOException {
    try (TestService service = start(SmallBundle.ofDozenWords())) {
      String bad = SmallBundle.ofDozenWords().withSeed(4).writeTo(home.resolve("models"));
      Path vocabulary = home.resolve("models").resolve(bad).resolve("vocabulary.tsv");
      String right = Files.readString(vocabulary);
      Files.writeString(vocabulary, "rubbish");
      new Registry(home.toString(), new Configuration()).promote(bad);
      problem(reload(service), 409);
      Files.writeString(vocabulary, right);

      assertThat(service.models().refresh(false)).isFalse();
      assertThat(reload(service).body()).contains("\"changed\":true");
    }
  }

  /** The heap is resident from the start, so the process grows by arrays that are left open. */
  @Test
  void sixtySwitchesLeaveNoMemoryBehind() {
    SmallBundle[] models = {
      SmallBundle.ofManyWords(8000, 200), SmallBundle.ofManyWords(8000, 200).withSeed(4)
    };
    long weights = 4L * (2 * 200) * 8015;
    try (TestService service = start(models[0])) {
      String[] versions = {model(service), models[1].writeTo(home.resolve("models"))};
      Registry registry = new Registry(home.toString(), new Configuration());
      long early = 0;
      for (int i = 1; i <= 60; i++) {
        registry.promote(versions[i % 2]);
        assertThat(reload(service).body()).contains("\"changed\":true");
        assertThat(
                TestService.tree(ask(service, "{\"prompt\": \"a fox\", \"max_tokens\": 5}").body())
                    .get("model")
                    .textValue())
            .isEqualTo(versions[i % 2]);
        if (i == 10) {
          early = Pointer.physicalBytes();
        }
      }

      assertThat(Pointer.physicalBytes() - early).isLessThan(10 * weights); // of fifty
      assertThat(service.metric("storyloom_model_switches")).isEqualTo(60);
    }
  }

  @Test
  void storiesAreToldWithoutInterruptionWhileModelsChange() throws Exception {
    SmallBundle[] models = {SmallBundle.ofDozenWords(), SmallBundle.ofDozenWords().withSeed(4)};
    try (TestService service = start(models[0])) {
      String[] versions = {model(service), models[1].writeTo(home.resolve("models"))};
      Map<String, JsonNode> stories = new ConcurrentHashMap<>();
      Registry registry = new Registry(home.toString(), new Configuration());
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int client = 0; client < 4; client++) {
        clients.add(CompletableFuture.runAsync(() -> askOften(service, stories)));
      }
      for (int i = 1; clients.stream().anyMatch(client -> !client.isDone()); i++) {
        registry.promote(versions[i % 2]);
        reload(service);
      }
      for (CompletableFuture<Void> client : clients) {
        client.get();
      }

      assertThat(stories).containsOnlyKeys(versions);
    }
  }

  /** The same model must always tell the same story. */
  private static void askOften(TestService service, Map<String, JsonNode> stories) {
    for (int i = 0; i < 100; i++) {
      HttpResponse<String> answer = ask(service, "{\"prompt\": \"a fox\"}");
      assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
      JsonNode story = TestService.tree(answer.body());
      JsonNode before = stories.putIfAbsent(story.get("model").textValue(), story);
      assertThat(before == null ? story : before).isEqualTo(story);
    }
  }
}
