package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.serve.http.FaultyFiles.Fault;

/** What people who ask for stories write is nobody else's business. */
final class LogTest {

  private static final String SECRET = "xyzzysecret";

  private static final class Kept extends AbstractAppender {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    Kept() {
      super("kept", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
    }
  }

  @TempDir Path home;

  private final Kept kept = new Kept();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

  @BeforeEach
  void listen() {
    kept.start();
    context.getConfiguration().getRootLogger().addAppender(kept, Level.ALL, null);
  }

  @AfterEach
  void stopListening() {
    context.getConfiguration().getRootLogger().removeAppender("kept");
  }

  private void ask(String... settings) {
    try (TestService service = TestService.start(home, settings)) {
      service.story(Map.of("prompt", "a fox " + SECRET));
      service.send(service.generate("{\"prompt\": \"%s\", \"bad\": 1}".formatted(SECRET)));
      service.send(service.generate("{\"prompt\": \"%s".formatted(SECRET)));
      service.send(
          service.generate(
              "{\"prompt\": \"a fox %s\"}".formatted(SECRET), "Accept", "text/event-stream"));
      service.get("/" + SECRET + "?prompt=" + SECRET);
      service.send(service.request("/model").method(SECRET, BodyPublishers.noBody()).build());
    }
  }

  @Test
  void promptsStandInNoLog() {
    ask();

    assertThat(kept.lines).anyMatch(line -> line.startsWith("POST /generate 200"));
    assertThat(kept.lines).noneMatch(line -> line.contains(SECRET));
  }

  @Test
  void promptsStandInTheLogIfThatIsWanted() {
    ask("serve.log-prompts=true");

    assertThat(kept.lines).anyMatch(line -> line.contains("a fox " + SECRET));
  }

  @Test
  void eachRequestsLineNamesItsCallerAndWhereItCameFrom() throws IOException {
    Path tokens = TestService.tokensFile(home, "alice alices-token-0123");
    try (TestService service =
        TestService.start(home, "serve.tokens-file=" + tokens, "serve.unauthorized-seconds=0.01")) {
      String wish = "{\"prompt\": \"a fox\"}";
      service.send(service.generate(wish, "Authorization", "Bearer alices-token-0123"));
      service.send(service.generate(wish, "Authorization", "Bearer " + SECRET));
      service.get("/model");
      service.get("/nothing");
      service.send("GET", "/health/live", "Authorization", "Bearer alices-token-0123");
      try (Socket socket = service.connect()) {
        socket
            .getOutputStream()
            .write(
                "GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(UTF_8));
        socket.getInputStream().readAllBytes();
      }
    }

    assertThat(requests())
        .containsExactlyInAnyOrder(
            "POST /generate 200 for alice from 127.0.0.1",
            "POST /generate 401 for - from 127.0.0.1",
            "GET /model 200 for - from 127.0.0.1",
            "GET none 404 for - from 127.0.0.1",
            "GET /health/live 200 for alice from 127.0.0.1",
            "OTHER none 400 for - from 127.0.0.1");
    assertThat(kept.lines).noneMatch(line -> line.contains(SECRET));
  }

  /** Those of the log, without the time that they took. */
  private List<String> requests() {
    return kept.lines.stream()
        .filter(line -> line.matches("[A-Z]+ \\S+ \\d{3} .*"))
        .map(line -> line.replaceAll(" in \\d+ ms| null$", ""))
        .toList();
  }

  @Test
  void addressesStandInNoLogWhereTheyAreNotWanted() {
    ask("serve.log-addresses=false");

    assertThat(requests()).contains("POST /generate 200 for -").hasSize(6);
    assertThat(kept.lines).noneMatch(line -> line.contains("127.0.0.1"));
  }

  @Test
  void promptsAreOneLineOfTheLog() {
    try (TestService service = TestService.start(home, "serve.log-prompts=true")) {
      service.send(service.generate("{\"prompt\": \"a\\nfox\\u001b[2J\\u202e \\u2028here\"}"));
    }

    assertThat(kept.lines).contains("- asks for a story about: a fox [2J here null");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aRegistryThatCannotBeReadIsToldOnce() {
    try (TestService service =
        TestService.onFaultyFiles(home, SmallBundle.ofDozenWords(), "serve.reload-seconds=0.05")) {
      FaultyFiles.set(Fault.INPUT_OUTPUT);
      TestService.await(
          "three looks fail", () -> service.metric("storyloom_model_look_failures") >= 3);
    } finally {
      FaultyFiles.set(Fault.NONE);
    }

    assertThat(kept.lines)
        .filteredOn(line -> line.startsWith("the model stays as it is"))
        .hasSize(1)
        .allMatch(line -> line.contains("Input/output error"));
  }
}
