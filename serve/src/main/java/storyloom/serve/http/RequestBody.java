package storyloom.serve.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads the body of a request, which must be JSON of bounded size. */
final class RequestBody {

  private RequestBody() {}

  /**
   * The bytes of the body.
   *
   * @param most bytes
   * @throws ProblemException 415 for another media type, 413 for a larger body, 400 for half a body
   */
  static byte[] read(Context request, int most) {
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
    if (request.req().getContentLengthLong() > most) {
      throw tooLarge(most);
    }
    try {
      InputStream in = request.req().getInputStream();
      byte[] body = in.readNBytes(most + 1);
      if (body.length > most) {
        throw tooLarge(most);
      }
      return body;
    } catch (IOException broken) {
      throw new ProblemException(Problem.invalid("the body has not come in whole"));
    }
  }

  private static ProblemException tooLarge(int most) {
    return new ProblemException(
        Problem.ofStatus(413, "the body must have at most %d bytes".formatted(most)));
  }
}
