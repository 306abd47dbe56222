package storyloom.serve.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import storyloom.serve.http.Problem.ProblemException;

/** Receives the bodies of requests: JSON of bounded size, sent as it is. */
final class JsonBody {

  private static final String IDENTITY = "identity";

  private final int most;

  /**
   * @param most longest body, in bytes
   */
  JsonBody(int most) {
    this.most = most;
  }

  /**
   * Receives the body of a request.
   *
   * @throws ProblemException 415 for another media type or for content that is compressed, 413 for
   *     a larger body, 400 for half a body or for one that was coded to be sent
   */
  byte[] receive(Context request) {
    String type = request.contentType();
    String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!plain.equals(Json.MEDIA_TYPE)) {
      throw new ProblemException(
          Problem.of(
              "unsupported-media-type",
              415,
              "The body is not JSON",
              "send the header Content-Type: application/json"));
    }
    if (!isPlain(request, "Transfer-Encoding", "chunked")) {
      throw new ProblemException(
          Problem.invalid(
              "send the body as it is or in chunks, without another Transfer-Encoding"));
    }
    if (!isPlain(request, "Content-Encoding", IDENTITY)) {
      request.header("Accept-Encoding", IDENTITY); // as RFC 9110 has it, section 12.5.3
      throw new ProblemException(
          Problem.of(
              "unsupported-media-type",
              415,
              "The body is not JSON",
              "send the JSON as it is, without Content-Encoding"));
    }
    if (request.req().getContentLengthLong() > most) {
      throw tooLarge();
    }
    try {
      byte[] body = request.req().getInputStream().readNBytes(most + 1);
      if (body.length > most) {
        throw tooLarge();
      }
      return body;
    } catch (IOException broken) {
      throw new ProblemException(Problem.invalid("the body has not come in whole"));
    }
  }

  /** Whether a header that a client may send is absent, or says what it may say. */
  private static boolean isPlain(Context request, String header, String allowed) {
    String value = request.header(header);
    return value == null || value.strip().equalsIgnoreCase(allowed);
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        Problem.ofStatus(413, "the body must have at most %d bytes".formatted(most)));
  }
}
