package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come coded, or say so: as they are, or in chunks, and in no other way. */
final class CodingsTest extends OneService {

  private static final String WISH = "{\"prompt\": \"a fox\"}";

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] chunked(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
    bytes.writeBytes(body);
    bytes.writeBytes("\r\n0\r\n\r\n".getBytes(ISO_8859_1));
    return bytes.toByteArray();
  }

  private static String answer(String headers, byte[] body) throws IOException {
    try (Socket socket = service.connect()) {
      socket.setSoTimeout(60_000);
      String head =
          "POST /generate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + "Content-Type: application/json\r\n"
              + headers
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      socket.getOutputStream().write(body);
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static void assertProblem(String answer, String beginning) {
    assertThat(answer)
        .startsWith(beginning)
        .contains("application/problem+json")
        .doesNotContain("Exception", "org.eclipse");
  }

  @Test
  void chunksAreTaken() throws IOException {
    assertThat(answer("Transfer-Encoding: chunked", chunked(WISH.getBytes(UTF_8))))
        .startsWith("HTTP/1.1 200 ");
    assertThat(
            answer(
                "Content-Encoding: identity\r\nTransfer-Encoding: Chunked",
                chunked(WISH.getBytes(UTF_8))))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "gzip, chunked",
        "chunked, gzip",
        "deflate",
        "x",
        "",
        "chunked, chunked",
        "identity"
      })
  void otherTransferCodingsAreTheClientsMistake(String coding) throws IOException {
    for (byte[] body :
        new byte[][] {
          chunked(gzip(WISH)), gzip(WISH), chunked("no gzip".getBytes(UTF_8)), new byte[0]
        }) {
      assertProblem(answer("Transfer-Encoding: " + coding, body), "HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip", "GZIP", "br", "'gzip, identity'", "none"})
  void contentThatIsCompressedIsNotTaken(String coding) throws IOException {
    for (byte[] body : new byte[][] {gzip(WISH), WISH.getBytes(UTF_8), new byte[0]}) {
      String answer =
          answer("Content-Encoding: %s\r\nContent-Length: %d".formatted(coding, body.length), body);

      assertProblem(answer, "HTTP/1.1 415 ");
      assertThat(answer).contains("Accept-Encoding: identity", "without Content-Encoding");
    }
  }

  /** Another reader in between could see two requests where this one sees one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "Content-Length: 5, 5",
        "Content-Length: +5",
        "Content-Length: 5\r\nContent-Length: 6"
      })
  void lengthsThatCanBeReadInTwoWaysAreRefused(String headers) throws IOException {
    assertProblem(answer(headers, chunked(WISH.getBytes(UTF_8))), "HTTP/1.1 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "-1\r\n\r\n",
        "fffffffffffffffff\r\n{}",
        "2\r\n{}xx0\r\n\r\n"
      })
  void chunksThatAreNoneAreTheClientsMistake(String body) throws IOException {
    assertProblem(answer("Transfer-Encoding: chunked", body.getBytes(UTF_8)), "HTTP/1.1 4");
  }
}
