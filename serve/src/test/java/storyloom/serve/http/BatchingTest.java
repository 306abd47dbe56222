package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;

/** Many clients at once, of whom each must seem to be alone. */
final class BatchingTest {

  private static final String[] WORDS = {"fox", "hen", "moon", "home", "the", "a", "sang"};

  /** Takes seconds at least, at 10,000 steps. */
  private static final String ENDLESS =
      "{\"prompt\": \"a fox\", \"max_tokens\": 10000, \"min_tokens\": 10000}";

  @TempDir Path home;

  private TestService service;

  private void start(SmallBundle model, String... settings) {
    service = TestService.start(home, model, settings);
  }

  private void startSlow(String... more) {
    List<String> settings =
        new ArrayList<>(List.of("serve.max-tokens=10000", "serve.request-seconds=600"));
    settings.addAll(List.of(more));
    start(SmallBundle.ofManyWords(4000, 200), settings.toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private static Map<String, Object> request(int number) {
    String prompt =
        "the %s and the %s".formatted(WORDS[number % 7], WORDS[(number / 7 + number) % 7]);
    String strategy = List.of("sample", "greedy", "beam").get(number % 3);
    return Map.of(
        "prompt",
        prompt,
        "strategy",
        strategy,
        "beam",
        3,
        "temperature",
        2,
        "seed",
        number,
        "max_tokens",
        5 + number % 40);
  }

  @Test
  void storyDoesNotDependOnBatchMates() throws Exception {
    start(SmallBundle.ofDozenWords(), "decode.batch=16");
    int clients = 48;
    List<JsonNode> alone = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      alone.add(service.story(request(i)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      List<Future<JsonNode>> together = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Map<String, Object> request = request(i);
        together.add(pool.submit(() -> service.story(request)));
      }
      for (int i = 0; i < clients; i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aClientThatGoesAwayFreesItsRow() throws IOException {
    startSlow("decode.batch=1");
    Socket client = service.connect();
    client.getOutputStream().write(TestService.rawRequest(ENDLESS));
    await("the story is being written", () -> service.metric("storyloom_rows") == 1);

    client.close();

    await("its row is free", () -> service.metric("storyloom_rows") == 0);
    assertThat(service.metric("storyloom_left")).isEqualTo(1);
    assertThat(service.metric("storyloom_tokens_total")).isZero();
  }

  @Test
  void aReaderOfAStreamThatGoesAwayFreesItsRow() throws IOException {
    startSlow("decode.batch=1");
    Socket client = service.connect();
    client.getOutputStream().write(TestService.rawRequest(ENDLESS, "Accept: text/event-stream"));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    assertThat(lines.lines().anyMatch("event: token"::equals)).as("a token comes").isTrue();

    client.close();

    await("its row is free", () -> service.metric("storyloom_left") == 1);
    assertThat(service.metric("storyloom_rows")).isZero();
  }

  @Test
  void aClientThatIsGoneBeforeItsTurnTakesNoRow() throws IOException {
    startSlow("decode.batch=1");
    try (Socket first = service.connect();
        Socket second = service.connect()) {
      first.getOutputStream().write(TestService.rawRequest(ENDLESS));
      await("the first is being written", () -> service.metric("storyloom_rows") == 1);
      second.getOutputStream().write(TestService.rawRequest(ENDLESS));
      await("the second waits", () -> service.metric("storyloom_waiting") == 1);

      second.close();

      await("nobody waits", () -> service.metric("storyloom_waiting") == 0);
      assertThat(service.metric("storyloom_rows")).isEqualTo(1);
    }
  }

  /** Ten megabytes of events fill all buffers of a client that takes none of them. */
  @Test
  void aSlowClientHoldsNobodyUp() throws IOException {
    start(SmallBundle.ofDozenWords(), "serve.max-tokens=10000", "serve.request-seconds=600");
    try (Socket slow = service.connect()) {
      slow.setReceiveBufferSize(1024);
      String body =
          "{\"prompt\": \"a fox and a hen and a moon\", \"attention\": true, \"max_tokens\": 10000, \"min_tokens\": 10000}";
      slow.getOutputStream().write(TestService.rawRequest(body, "Accept: text/event-stream"));
      await("the slow one is served", () -> service.metric("storyloom_requests_busy") == 1);

      for (int i = 0; i < 20; i++) {
        assertThat(service.story(Map.of("prompt", "a hen")).get("story").textValue()).isNotBlank();
      }

      await("its story is written", () -> service.metric("storyloom_rows") == 0);
      assertThat(service.metric("storyloom_requests_busy")).isEqualTo(1);
    }
    await("it is given up", () -> service.metric("storyloom_requests_busy") == 0);
  }
}
