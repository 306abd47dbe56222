package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is refused before all of the request has come in is told so. */
final class UnreadBodyTest extends OneService {

  private static final int LENGTH = 200_000;
  private static final int PIECE = 10_000;

  /** In this time a service that reads no more has answered and closed the connection. */
  private static final int PAUSE_MILLIS = 200;

  private static final int PATIENCE_MILLIS = 60_000;

  private static Socket begin(String method, String path, String... headers) throws IOException {
    Socket connection = service.connect();
    connection.setSoTimeout(PATIENCE_MILLIS);
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
            .formatted(method, path, LENGTH);
    connection
        .getOutputStream()
        .write((head + String.join("\r\n", headers) + "\r\n\r\n").getBytes(US_ASCII));
    return connection;
  }

  private static String firstLine(Socket connection) throws IOException {
    return new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII))
        .readLine();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /generate, application/json, 413",
    "POST, /generate, text/plain, 415",
    "PUT, /generate, application/json, 405",
    "POST, /stories, application/json, 404"
  })
  void theAnswerReachesAClientThatIsStillSending(
      String method, String path, String type, int status) throws Exception {
    try (Socket connection = begin(method, path, "Content-Type: " + type)) {
      Thread.sleep(PAUSE_MILLIS);
      OutputStream out = connection.getOutputStream();
      for (int sent = 0; sent < LENGTH; sent += PIECE) {
        out.write(new byte[PIECE]);
      }

      assertThat(firstLine(connection)).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void theAnswerDoesNotWaitForTheRest() throws IOException {
    try (Socket connection = begin("POST", "/generate", "Content-Type: application/json")) {
      assertThat(firstLine(connection)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void aClientThatAsksBeforehandIsRefusedWithoutSending() throws IOException {
    try (Socket connection =
        begin("POST", "/generate", "Content-Type: application/json", "Expect: 100-continue")) {
      assertThat(firstLine(connection)).startsWith("HTTP/1.1 413 ");
    }
  }
}
