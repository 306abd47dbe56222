package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static storyloom.serve.http.TestService.await;
import static storyloom.serve.http.TestService.problem;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.fixture.SmallBundle;

/** What the service does not put up with. */
final class LimitsTest {

  private static final String ENDLESS =
      "{\"prompt\": \"a fox\", \"max_tokens\": 10000, \"min_tokens\": 10000}";
  private static final String WISH = "{\"prompt\": \"a fox\"}";

  @TempDir Path home;

  private TestService slow(String... settings) {
    return TestService.start(home, SmallBundle.ofManyWords(4000, 200), settings);
  }

  @Test
  void whoComesWhenTheQueueIsFullIsToldWhenToComeAgain() throws IOException {
    try (TestService service =
            slow(
                "decode.batch=1",
                "serve.queue=1",
                "serve.max-tokens=10000",
                "serve.request-seconds=600");
        Socket writing = service.connect();
        Socket waiting = service.connect()) {
      writing.getOutputStream().write(TestService.rawRequest(ENDLESS));
      await("one is being written", () -> service.metric("storyloom_rows") == 1);
      waiting.getOutputStream().write(TestService.rawRequest(ENDLESS));
      await("one waits", () -> service.metric("storyloom_waiting") == 1);

      HttpResponse<String> answer = service.send(service.generate(WISH));

      problem(answer, 429);
      assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 60L);
    }
  }

  @Test
  void aStoryThatTakesTooLongIsAProblemAndFreesItsRow() {
    try (TestService service =
        slow("serve.max-tokens=10000", "serve.request-seconds=0.05", "decode.batch=1")) {
      problem(service.send(service.generate(ENDLESS)), 503);

      await("its row is free", () -> service.metric("storyloom_rows") == 0);
      assertThat(service.metric("storyloom_left")).isEqualTo(1);
    }
  }

  /** A byte now and then keeps a connection from being idle, but not from being late. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /model HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 5000\r\n\r\n{\"prompt\": \""
      })
  void aClientThatSendsByteByByteIsHungUpOn(String beginning) throws Exception {
    try (TestService service = TestService.start(home, "serve.receive-seconds=0.5");
        Socket client = service.connect()) {
      OutputStream out = client.getOutputStream();
      out.write(beginning.getBytes(UTF_8));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 4000; i++) {
                  out.write('a');
                  out.flush();
                  Thread.sleep(20);
                }
              })
          .isInstanceOf(IOException.class);
      await("nobody is busy", () -> service.metric("storyloom_requests_busy") == 0);
    }
  }

  @Test
  void idleConnectionsKeepNobodyOut() throws IOException {
    try (TestService service =
        TestService.start(home, "serve.receive-seconds=0.5", "serve.connections=4")) {
      List<Socket> idle = new ArrayList<>();
      try {
        for (int i = 0; i < 12; i++) {
          idle.add(service.connect());
        }
        assertThat(service.send(service.generate(WISH)).statusCode()).isEqualTo(200);
      } finally {
        for (Socket each : idle) {
          each.close();
        }
      }
    }
  }

  @Test
  void whatTheClientSentAheadDoesNotCountAsItsLeaving() throws IOException {
    try (TestService service = TestService.start(home);
        Socket client = service.connect()) {
      byte[] request = TestService.rawRequest(WISH);
      OutputStream out = client.getOutputStream();
      out.write(request);
      out.write(request);
      client.setSoTimeout(60_000);

      String first = readAnswer(client.getInputStream());

      assertThat(first).startsWith("HTTP/1.1 200");
    }
  }

  private static String readAnswer(InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf("\r\n\r\n") < 0) {
      int one = in.read();
      assertThat(one).as("the end of the answer, after %s", read).isNotNegative();
      read.append((char) one);
    }
    return read.toString();
  }

  private Path tokens(String... lines) throws IOException {
    return TestService.tokensFile(home, lines);
  }

  private static HttpResponse<String> ask(TestService service, String... headers) {
    return service.send(service.generate(WISH, headers));
  }

  @Test
  void whoShowsNoTokenOfTheFileIsAStranger() throws IOException {
    Path file = tokens("# who", "alice alices-token-0123", "", "root roots-token-45678 admin");
    try (TestService service = TestService.start(home, "serve.tokens-file=" + file)) {
      assertThat(ask(service, "Authorization", "Bearer alices-token-0123").statusCode())
          .isEqualTo(200);
      assertThat(ask(service, "Authorization", "bearer roots-token-45678").statusCode())
          .isEqualTo(200);
      problem(ask(service), 401);
      problem(ask(service, "Authorization", "Bearer alices-token-012"), 401);
      problem(ask(service, "Authorization", "Bearer alices-token-01234"), 401);
      problem(ask(service, "Authorization", "Basic alices-token-0123"), 401);
      problem(ask(service, "Authorization", "Bearer "), 401);
      assertThat(ask(service).headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }
  }

  @Test
  void administratorsAloneReload() throws IOException {
    Path file = tokens("alice alices-token-0123", "root roots-token-45678 admin");
    try (TestService service = TestService.start(home, "serve.tokens-file=" + file)) {
      problem(service.send(reload(service)), 401);
      problem(service.send(reload(service, "Authorization", "Bearer alices-token-0123")), 403);
      assertThat(service.send(reload(service, "Authorization", "Bearer roots-token-45678")).body())
          .contains("\"changed\":false");
    }
  }

  private static java.net.http.HttpRequest reload(TestService service, String... headers) {
    java.net.http.HttpRequest.Builder request =
        service.request("/admin/reload").POST(java.net.http.HttpRequest.BodyPublishers.noBody());
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  @Test
  void nobodyReloadsWhereThereAreNoTokens() {
    try (TestService service = TestService.start(home)) {
      problem(service.send(reload(service)), 403);
    }
  }

  @Test
  void eachTokenHasRequestsOfItsOwn() throws IOException {
    Path file = tokens("alice alices-token-0123", "bob bobbys-token-0123");
    try (TestService service =
        TestService.start(home, "serve.tokens-file=" + file, "serve.requests-per-minute=2")) {
      for (int i = 0; i < 2; i++) {
        assertThat(ask(service, "Authorization", "Bearer alices-token-0123").statusCode())
            .isEqualTo(200);
      }

      HttpResponse<String> third = ask(service, "Authorization", "Bearer alices-token-0123");

      assertThat(problem(third, 429).get("type").textValue()).endsWith(":too-often");
      assertThat(third.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 60L);
      assertThat(ask(service, "Authorization", "Bearer bobbys-token-0123").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void otherSitesMayUseTheServiceIfTheyAreNamed() {
    try (TestService service =
        TestService.start(home, "serve.cors-origins=https://stories.example.org")) {
      assertThat(allowed(service, "https://stories.example.org"))
          .isEqualTo(List.of("https://stories.example.org"));
      assertThat(allowed(service, "https://elsewhere.example.org")).isEmpty();
    }
  }

  private static List<String> allowed(TestService service, String origin) {
    return service
        .send(service.request("/model").header("Origin", origin).build())
        .headers()
        .allValues("Access-Control-Allow-Origin");
  }

  @Test
  void aTakenPortIsAMistakeOfTheUser() {
    try (TestService service = TestService.start(home)) {
      ServiceSettings same =
          ServiceSettings.of(
              service.settings().with("serve.port", Integer.toString(service.server().port())));

      assertThatThrownBy(() -> StoryServer.start(same, service.models(), ApiTokens.anybody()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("choose another one with --port");
    }
  }

  @Test
  void healthAndStoriesGoOnBesideEachOther() {
    try (TestService service = TestService.start(home)) {
      assertThat(service.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
      assertThat(TestService.tree(service.get("/health/ready").body()).get("status").textValue())
          .isEqualTo("ready");
      service.story(Map.of("prompt", "a fox"));
      assertThat(service.metric("storyloom_requests_seconds_count")).isGreaterThanOrEqualTo(3);
    }
  }
}
