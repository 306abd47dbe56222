package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.await;
import static storyloom.serve.http.TestService.problem;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who shows no good token waits for the answer, at nobody's cost. */
final class UnauthorizedTest {

  private static final String TOKEN = "alices-token-0123";
  private static final String WISH = "{\"prompt\": \"a fox\"}";

  @TempDir Path home;

  private final List<Socket> strangers = new ArrayList<>();
  private Path tokens;

  @BeforeEach
  void writeTokens() throws IOException {
    tokens = TestService.tokensFile(home, "alice " + TOKEN);
  }

  @AfterEach
  void hangUp() throws IOException {
    for (Socket stranger : strangers) {
      stranger.close();
    }
  }

  private TestService start(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "serve.tokens-file=" + tokens;
    return TestService.start(home, all);
  }

  /** Sends a wrong token, and waits for nothing. */
  private Socket stranger(TestService service) throws IOException {
    Socket socket = service.connect();
    strangers.add(socket);
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(TestService.rawRequest(WISH, "Authorization: Bearer guess" + strangers.size()));
    return socket;
  }

  private static HttpResponse<String> ask(TestService service, String token) {
    return service.send(service.generate(WISH, "Authorization", "Bearer " + token));
  }

  private static Duration timeOfA401(TestService service) {
    long begun = System.nanoTime();
    problem(ask(service, "guess"), 401);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** A place to wait in is free again after each. */
  @Test
  void strangersWaitEachTime() {
    try (TestService service =
        start(
            "serve.connections=4", "serve.unauthorized-seconds=0.3", "serve.receive-seconds=30")) {
      for (int i = 0; i < 3; i++) {
        assertThat(timeOfA401(service)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
      }
    }
  }

  @Test
  void strangersThatWaitAreNotLate() {
    try (TestService service =
        start("serve.unauthorized-seconds=0.8", "serve.receive-seconds=0.1")) {
      assertThat(timeOfA401(service)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
    }
  }

  @Test
  void nobodyWaitsWhoShowsAToken() throws IOException {
    try (TestService service = start("serve.unauthorized-seconds=60")) {
      assertThat(ask(service, TOKEN).statusCode()).isEqualTo(200);
    }
  }

  /** Two of eight connections may wait. */
  @Test
  void onlySoManyWaitThatOthersFindRoom() throws IOException {
    try (TestService service = start("serve.connections=8", "serve.unauthorized-seconds=60")) {
      for (int waiting = 1; waiting <= 2; waiting++) {
        stranger(service);
        int refused = waiting;
        await("it is refused", () -> service.metric("storyloom_problems_total") == refused);
      }
      for (int i = 0; i < 20; i++) {
        String answer = new String(stranger(service).getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 401 ").contains("Connection: close");
      }

      assertThat(ask(service, TOKEN).statusCode()).isEqualTo(200);
      assertThat(strangers.get(0).getInputStream().available()).isZero();
      assertThat(strangers.get(1).getInputStream().available()).isZero();
      await("no thread waits with them", () -> !isAnyThreadBusy());
    }
  }

  private static boolean isAnyThreadBusy() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("qtp"))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().startsWith("storyloom."));
  }
}
