package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.problem;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, paths and versions as RFC 9110 has them. */
final class MethodsTest extends OneService {

  @ParameterizedTest
  @CsvSource({
    "PUT, /model, 'GET, HEAD'",
    "POST, /, 'GET, HEAD'",
    "OPTIONS, /health/ready, 'GET, HEAD'",
    "BREW, /openapi.json, 'GET, HEAD'",
    "GET, /generate, POST",
    "DELETE, /admin/reload, POST"
  })
  void whoUsesAWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
    HttpResponse<String> answer = service.send(method, path);

    assertThat(problem(answer, 405).get("detail").textValue()).endsWith(" takes " + allowed);
    assertThat(answer.headers().allValues("Allow")).containsExactly(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/page.js", "/model", "/health/live", "/health/ready", "/openapi.json"})
  void headIsGetWithoutTheContent(String path) {
    HttpResponse<String> head = service.send("HEAD", path);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(headers(head)).isEqualTo(headers(service.get(path))).containsKey("content-type");
  }

  private static Map<String, List<String>> headers(HttpResponse<String> answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  @Test
  void headIsRefusedWhereGetIs() {
    assertThat(service.send("HEAD", "/nothing").statusCode()).isEqualTo(404);
    HttpResponse<String> refused = service.send("HEAD", "/generate");
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void headOfMetricsIsAnsweredToo() {
    HttpResponse<String> head = service.send("HEAD", "/metrics");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(service.get("/metrics").headers().firstValue("Content-Type"));
  }

  @Test
  void whereThereIsNothingTheProblemSaysSo() {
    assertThat(problem(service.send("GET", "/nothing"), 404).get("detail").textValue())
        .startsWith("there is nothing at this path");
  }

  @Test
  void whoWantsAWebSocketIsAnsweredAsOthersAre() {
    String key = "dGhlIHNhbXBsZSBub25jZQ==";

    assertThat(
            service
                .send(service.request("/model").header("Sec-WebSocket-Key", key).build())
                .statusCode())
        .isEqualTo(200);
    assertThat(
            problem(
                    service.send(
                        service.request("/nothing").header("Sec-WebSocket-Key", key).build()),
                    404)
                .get("detail")
                .textValue())
        .startsWith("there is nothing at this path");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /model HTTP/2.0, 426, http-version",
    "GET /model HTTP/7.3, 505, http-version",
    "GET /%00 HTTP/1.1, 400, invalid-request"
  })
  void whatIsNoHttpOfOursIsTheClientsMistake(String line, int status, String kind)
      throws IOException {
    String answer = raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer)
        .contains("\"type\":\"urn:storyloom:problem:" + kind + "\"", "\"status\":" + status);
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = service.connect()) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
