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
  private static final String TOKEN = "a-token-of-the-fuzz";
  private static final Pattern ANSWER =
      Pattern.compile("HTTP/1\\.1 (\\d{3}) .*?\r\n\r\n(.*)", Pattern.DOTALL);
  private static final List<String> FIELDS =
      List.of(
          "strategy",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "candidates",
          "prior_weight",
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

  /** None is the service's. */
  private static final List<String> HOSTS =
      List.of(
          "",
          " ",
          ".",
          "..",
          "evil.example",
          "localhost.evil.example",
          "localhost:99999",
          "localhost:-1",
          "localhost:x",
          "localhost, localhost",
          "localhost/model",
          "user@localhost",
          "127.0.0.1",
          "[::1]",
          "[::1",
          "::1",
          "[fe80::1%25eth0]",
          "2130706433",
          "loc\u00e4lhost",
          "localhost\u0000",
          "localhost%00",
          "a".repeat(4000),
          "a.".repeat(2000));

  private static final List<String> CODINGS =
      List.of("gzip", "deflate", "br", "chunked, gzip", "gzip, chunked", "x;y=z", ",", "\u00ff");

  private static final List<String> GUESSES =
      List.of(
          "",
          "Bearer",
          "Bearer ",
          "Bearer  ",
          "Basic Zm94OmZveA==",
          "Bearer " + "a".repeat(5000),
          "Bearer \u00e4\u00f6",
          "Bearer a-token-of-the-fuzzes",
          "Bearer a-token-of-the-fuz a-token-of-the-fuzz",
          TOKEN);

  private static final String TOKEN_CHARACTERS = "ABCXYZabcxyz019!#$%&'*+-.^_`|~";

  @TempDir Path home;

  @Test
  void everyBadRequestIsAnsweredWithAProblemOfTheClient() throws IOException {
    Random random = new Random(8);
    Path tokens = TestService.tokensFile(home, "fuzz " + TOKEN);
    try (TestService service =
        TestService.start(
            home,
            "serve.tokens-file=" + tokens,
            "serve.unauthorized-seconds=0",
            "serve.hosts=localhost")) {
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
      assertThat(
              answer(service, post("{\"prompt\": \"a fox\"}".getBytes(UTF_8), "application/json")))
          .startsWith("HTTP/1.1 200 ");
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
    return switch (random.nextInt(11)) {
      case 0 -> post(wrongValue(random).getBytes(UTF_8), "application/json");
      case 1 -> post(cut(random).getBytes(UTF_8), "application/json");
      case 2 -> post(nested(random).getBytes(UTF_8), "application/json");
      case 3 -> post(noise(random), "application/json");
      case 4 -> post("{\"prompt\": \"a f\u00f6x\"}".getBytes(odd(random)), "application/json");
      case 5 -> post("{\"prompt\": \"a fox\"}".getBytes(UTF_8), type(random));
      case 6 -> head("GET " + PATHS.get(random.nextInt(PATHS.size())) + " HTTP/1.1", "");
      case 7 -> asked(random);
      case 8 -> coded(random);
      case 9 -> guessed(random);
      default -> strange(random);
    };
  }

  /** By a name that is not the service's. */
  private static byte[] asked(Random random) {
    String host =
        random.nextBoolean() ? HOSTS.get(random.nextInt(HOSTS.size())) : token(random) + ".example";
    return "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
        .formatted(random.nextBoolean() ? "/model" : "http://" + host + "/model", host)
        .getBytes(ISO_8859_1);
  }

  /** In chunks, and besides in a way that nobody knows here. */
  private static byte[] coded(Random random) {
    String header = random.nextBoolean() ? "Transfer-Encoding: " : "Content-Encoding: ";
    String coding = CODINGS.get(random.nextInt(CODINGS.size()));
    byte[] body = noise(random);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        head(
            "POST /generate HTTP/1.1",
            "Content-Type: application/json\r\n%s%s\r\nTransfer-Encoding: chunked\r\n"
                .formatted(header, coding)));
    request.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
    request.writeBytes(body);
    request.writeBytes("\r\n0\r\n\r\n".getBytes(ISO_8859_1));
    return request.toByteArray();
  }

  /** With a token that is not in the file. */
  private static byte[] guessed(Random random) {
    String guess =
        random.nextBoolean()
            ? GUESSES.get(random.nextInt(GUESSES.size()))
            : "Bearer " + token(random);
    return ("POST /generate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: 2\r\nAuthorization: %s\r\n\r\n{}")
        .formatted(guess)
        .getBytes(ISO_8859_1);
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
    return (line
            + "\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\n"
            + headers
            + "\r\n")
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
