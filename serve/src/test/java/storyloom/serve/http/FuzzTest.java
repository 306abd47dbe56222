package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand requests that are wrong in every way: each is answered with what is wrong with it. */
final class FuzzTest {

  private static final int REQUESTS = 1000;
  private static final Pattern ANSWER =
      Pattern.compile("HTTP/1\\.1 (\\d{3}) .*?\r\n\r\n(.*)", Pattern.DOTALL);
  private static final List<String> FIELDS =
      List.of(
          "strategy",
          "temperature",
          "top_k",
          "top_p",
          "beam",
          "max_tokens",
          "min_tokens",
          "seed",
          "n",
          "attention");

  /** Wrong for every field but those that take any text. */
  private static final List<String> VALUES =
      List.of(
          "\"\"",
          "\"1\"",
          "[]",
          "[1]",
          "{}",
          "{\"a\": 1}",
          "-1e400",
          "1e400",
          "99999999999999999999",
          "-99999999999999999999",
          "0.5e-400x",
          "nan",
          "NaN",
          "Infinity",
          "'x'",
          "01",
          "+1",
          "1.",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "tru",
          "1,,2",
          "\"unfinished");

  private static final List<String> PATHS =
      List.of(
          "/../../etc/passwd",
          "/%2e%2e/%2e%2e/etc/passwd",
          "/..%2f..%2fetc%2fpasswd",
          "/page.css/../../../secrets",
          "/%00",
          "/%",
          "/%zz",
          "//generate",
          "/generate/",
          "/;/generate",
          "/generate;x=1/..",
          "/.git/config",
          "/WEB-INF/web.xml",
          "/storyloom/serve/openapi.json",
          "/openapi.json%00.html",
          "/a\\..\\b",
          "/%c0%ae%c0%ae/",
          "/" + "a".repeat(5000),
          "/GENERATE",
          "/admin/reload/../..//x",
          "/%252e%252e/etc");

  private static final String TOKEN_CHARACTERS = "ABCXYZabcxyz019!#$%&'*+-.^_`|~";

  @TempDir Path home;

  @Test
  void everyBadRequestIsAnsweredWithAProblemOfTheClient() throws IOException {
    Random random = new Random(8);
    try (TestService service = TestService.start(home)) {
      for (int i = 0; i < REQUESTS; i++) {
        byte[] request = request(random);
        String sent = "request %d: %s".formatted(i, new String(request, ISO_8859_1));
        Matcher answer = ANSWER.matcher(answer(service, request));

        assertThat(answer.matches()).as(sent).isTrue();
        assertThat(answer.group(1)).as(sent + answer.group(2)).startsWith("4");
        assertThat(TestService.tree(answer.group(2)).get("status").asText())
            .as(sent)
            .isEqualTo(answer.group(1));
        assertThat(answer.group()).as(sent).contains("application/problem+json");
        assertThat(answer.group()).as(sent).doesNotContain("Exception", "\tat ", "org.eclipse");
      }
      service.story(java.util.Map.of("prompt", "a fox"));
    }
  }

  private static String answer(TestService service, byte[] request) throws IOException {
    try (Socket socket = service.connect()) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static byte[] request(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> post(wrongValue(random).getBytes(UTF_8), "application/json");
      case 1 -> post(cut(random).getBytes(UTF_8), "application/json");
      case 2 -> post(nested(random).getBytes(UTF_8), "application/json");
      case 3 -> post(noise(random), "application/json");
      case 4 -> post("{\"prompt\": \"a f\u00f6x\"}".getBytes(odd(random)), "application/json");
      case 5 -> post("{\"prompt\": \"a fox\"}".getBytes(UTF_8), type(random));
      case 6 -> head("GET " + PATHS.get(random.nextInt(PATHS.size())) + " HTTP/1.1", "");
      default -> strange(random);
    };
  }

  private static String wrongValue(Random random) {
    String field = FIELDS.get(random.nextInt(FIELDS.size()));
    String value = VALUES.get(random.nextInt(VALUES.size()));
    return random.nextInt(5) == 0
        ? "{\"prompt\": \"a fox\", \"%s%d\": 1}".formatted(field, random.nextInt(100))
        : "{\"prompt\": \"a fox\", \"%s\": %s}".formatted(field, value);
  }

  private static String cut(Random random) {
    String whole = "{\"prompt\": \"a fox\", \"seed\": 5, \"attention\": true}";
    return whole.substring(0, random.nextInt(whole.length()));
  }

  private static String nested(Random random) {
    int depth = 1 + random.nextInt(20_000);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    return random.nextBoolean()
        ? open.repeat(depth)
        : "{\"prompt\": " + "[".repeat(depth) + "]".repeat(depth) + "}";
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(2000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static java.nio.charset.Charset odd(Random random) {
    return random.nextBoolean() ? UTF_16 : ISO_8859_1;
  }

  private static String type(Random random) {
    return List.of(
            "text/plain", "application/xml", "", "application/jsonx", "/", "multipart/form-data")
        .get(random.nextInt(6));
  }

  private static byte[] post(byte[] body, String type) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        head(
            "POST /generate HTTP/1.1",
            "Content-Type: %s\r\nContent-Length: %d\r\n".formatted(type, body.length)));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static byte[] head(String line, String headers) {
    return (line + "\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n")
        .getBytes(ISO_8859_1);
  }

  private static byte[] strange(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> head(token(random) + " /generate HTTP/1.1", "");
      case 1 -> head("GET /generate HTTP/1.1", "");
      case 2 -> head("PUT /generate HTTP/1.1", "Content-Length: 0\r\n");
      case 3 -> head("POST /model HTTP/1.1", "Content-Length: 0\r\n");
      case 4 -> head("GET /model HTTP/1.1", "X-Long: " + "a".repeat(20_000) + "\r\n");
      case 5 -> head("POST /generate HTTP/1.1", "Content-Length: -5\r\n");
      case 6 -> head("POST /generate HTTP/1.1", "Content-Length: 5\r\nContent-Length: 6\r\n");
      case 7 -> head("GET /generate HTTP/1.1", "X-HTTP-Method-Override: POST\r\n");
      case 8 -> head("POST /model HTTP/1.1", "X-HTTP-Method-Override: " + token(random) + "\r\n");
      default -> head("DELETE /admin/reload HTTP/1.1", "");
    };
  }

  /** Any is a method to HTTP. */
  private static String token(Random random) {
    StringBuilder token = new StringBuilder();
    for (int left = 1 + random.nextInt(12); left > 0; left--) {
      token.append(TOKEN_CHARACTERS.charAt(random.nextInt(TOKEN_CHARACTERS.length())));
    }
    return token.toString();
  }
}
