package storyloom.serve.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code GET /openapi.json}: the API as OpenAPI, with the limits that this service has. */
final class ApiDescription implements Handler {

  private static final String FILE = "/storyloom/serve/openapi.json";
  private static final String FIELDS = "/components/schemas/Wish/properties";

  private final byte[] json;

  ApiDescription(ServiceSettings settings) {
    ObjectNode description = read();
    ObjectNode fields = (ObjectNode) description.at(FIELDS);
    limit(fields, "n", settings.maxStories());
    limit(fields, "beam", settings.maxBeam());
    limit(fields, "max_tokens", settings.maxTokens());
    limit(fields, "min_tokens", settings.maxTokens());
    this.json = Json.bytes(description);
  }

  private static ObjectNode read() {
    try (InputStream in = ApiDescription.class.getResourceAsStream(FILE)) {
      return Json.object(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void limit(ObjectNode fields, String field, int most) {
    ((ObjectNode) fields.get(field)).put("maximum", most);
  }

  @Override
  public void handle(Context request) {
    request.contentType(Json.MEDIA_TYPE).header("Cache-Control", "no-cache").result(json);
  }
}
