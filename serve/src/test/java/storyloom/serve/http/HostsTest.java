package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/** By which names the service may be asked, so that no site makes it its own. */
final class HostsTest {

  private static final String TOKEN = "alices-token-0123";

  @TempDir Path home;

  private static int status(String address, int port, String head) throws IOException {
    return Integer.parseInt(answer(address, port, head).split(" ", 3)[1]);
  }

  private static int status(TestService service, String head) throws IOException {
    return status("127.0.0.1", service.port(), head);
  }

  private static int statusOf(TestService service, String host) throws IOException {
    return status(service, "GET /model HTTP/1.1\r\nHost: " + host);
  }

  private static String answer(String address, int port, String head) throws IOException {
    try (Socket socket = new Socket(address, port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write((head + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** A service as it comes answers with a status whoever asks it by one of these names. */
  private void assertAnswers(int status, String... hosts) throws IOException {
    try (TestService service = TestService.start(home)) {
      for (String host : hosts) {
        assertThat(statusOf(service, host)).as(host).isEqualTo(status);
      }
    }
  }

  @Test
  void withoutTokensItIsAskedByTheNamesOfThisMachine() throws IOException {
    assertAnswers(
        200,
        "localhost",
        "LocalHost:1234",
        "localhost.",
        "localhost.:80",
        "127.0.0.1",
        "127.0.0.1:8080",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]:5",
        "[::ffff:127.0.0.1]");
  }

  @Test
  void anyOtherNameIsMisdirected() throws IOException {
    assertAnswers(
        421,
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "evil-localhost",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "10.1.2.3",
        "127.0.0.2",
        "[::2]",
        "[fe80::1]:8080",
        "xn--nxasmq6b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page.js", "/model", "/openapi.json", "/nothing", "//metrics"})
  void aNameThatIsNoneIsRefusedWhereverItAsks(String path) throws IOException {
    try (TestService service = TestService.start(home)) {
      String answer =
          answer("127.0.0.1", service.port(), "GET " + path + " HTTP/1.1\r\nHost: evil.example");

      assertThat(answer).contains("HTTP/1.1 4");
      assertThat(answer).doesNotContain("\"model\"");
    }
  }

  @Test
  void theRefusalNamesTheSetting() throws IOException {
    try (TestService service = TestService.start(home)) {
      String answer =
          answer("127.0.0.1", service.port(), "POST /generate HTTP/1.1\r\nHost: evil.example:80");

      assertThat(answer)
          .startsWith("HTTP/1.1 421 ")
          .contains("Content-Type: application/problem+json", "urn:storyloom:problem:misdirected")
          .contains("evil.example", "serve.hosts");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/metrics"})
  void probesAskByWhateverNameTheyHave(String path) throws IOException {
    try (TestService service = TestService.start(home, "serve.hosts=stories.example.org")) {
      for (String line :
          List.of(
              "GET " + path + " HTTP/1.1\r\nHost: 10.1.2.3:8080",
              "HEAD " + path + " HTTP/1.1\r\nHost: pod.example",
              "GET " + path + " HTTP/1.0\r\nX: none")) {
        assertThat(status(service, line)).as(line).isEqualTo(200);
      }
    }
  }

  @Test
  void theAddressOfARequestMayHoldTheName() throws IOException {
    try (TestService service = TestService.start(home)) {
      String head = "GET http://%s/model HTTP/1.1\r\nHost: %s";

      assertThat(status(service, head.formatted("localhost:80", "localhost:80"))).isEqualTo(200);
      assertThat(status(service, head.formatted("evil.example", "evil.example"))).isEqualTo(421);
      assertThat(status(service, head.formatted("evil.example", "localhost"))).isEqualTo(400);
      assertThat(status(service, head.formatted("localhost", "evil.example"))).isEqualTo(400);
    }
  }

  /** No browser sends such requests. */
  @Test
  void aRequestOfHttp10WithoutANameIsOneByTheAddressThatWasConnectedTo() throws IOException {
    String head = "GET /model HTTP/1.0\r\nX: none";
    try (TestService service = TestService.start(home)) {
      assertThat(status(service, head)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /model HTTP/1.1\r\nX: none",
        "GET /model HTTP/1.1\r\nHost: localhost\r\nHost: evil.example",
        "GET /model HTTP/1.1\r\nHost: evil.example\r\nHost: localhost",
        "GET /model HTTP/1.1\r\nHost:",
        "GET /model HTTP/1.1\r\nHost: localhost, evil.example",
        "GET /model HTTP/1.1\r\nHost: localhost@evil.example",
        "GET /model HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost",
        "GET /model HTTP/1.1\r\nHost: evil.example\r\nForwarded: host=localhost"
      })
  void aRequestOfNoNameOrOfSeveralIsRefused(String head) throws IOException {
    try (TestService service = TestService.start(home)) {
      assertThat(status(service, head)).isIn(400, 421);
    }
  }

  @Test
  void withTokensItIsAskedByAnyName() throws IOException {
    Path tokens = TestService.tokensFile(home, "alice " + TOKEN);
    try (TestService service = TestService.start(home, "serve.tokens-file=" + tokens)) {
      assertThat(statusOf(service, "stories.example.org")).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void namesOfTheSettingTakeThePlaceOfAllOthers(boolean withTokens) throws IOException {
    Path tokens = TestService.tokensFile(home, "alice " + TOKEN);
    try (TestService service =
        TestService.start(
            home,
            "serve.tokens-file=" + (withTokens ? tokens : ""),
            "serve.hosts=Stories.Example.org.,m\u00fcller.example,fe80::00:1")) {
      assertThat(statusOf(service, "stories.example.org:443")).isEqualTo(200);
      assertThat(statusOf(service, "xn--mller-kva.example")).isEqualTo(200);
      assertThat(statusOf(service, "[fe80::1]")).isEqualTo(200);
      assertThat(statusOf(service, "other.example.org")).isEqualTo(421);
      assertThat(statusOf(service, "localhost")).isEqualTo(421);
    }
  }

  @Test
  void aStarIsAnyName() throws IOException {
    try (TestService service = TestService.start(home, "serve.hosts=*")) {
      assertThat(statusOf(service, "stories.example.org")).isEqualTo(200);
    }
  }

  /** All of 127.0.0.0/8 is this machine on Linux. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whereItListensEverywhereItIsAskedByTheAddressThatWasConnectedTo() throws IOException {
    try (TestService service = TestService.start(home, "serve.host=0.0.0.0")) {
      String head = "GET /model HTTP/1.1\r\nHost: ";

      assertThat(status("127.0.0.2", service.port(), head + "127.0.0.2:80")).isEqualTo(200);
      assertThat(status("127.0.0.2", service.port(), head + "localhost")).isEqualTo(200);
      assertThat(status("127.0.0.2", service.port(), head + "0.0.0.0")).isEqualTo(200);
      assertThat(status("127.0.0.2", service.port(), head + "127.0.0.3")).isEqualTo(421);
      assertThat(status("127.0.0.2", service.port(), head + "evil.example")).isEqualTo(421);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://stories.example.org",
        "stories.example.org:443",
        "stories.example.org/page",
        "two names",
        ".",
        "a..b",
        "[::1",
        "*.example.org"
      })
  void whatIsNoNameIsAMistakeOfTheUser(String name) {
    ServiceSettings settings =
        ServiceSettings.of(
            Settings.load(java.util.Optional.empty(), List.of("serve.hosts=" + name)));

    assertThatThrownBy(() -> settings.allowedHosts(false))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("serve.hosts: " + name + " is no name of a host");
  }
}
