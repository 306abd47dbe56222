package storyloom.serve.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * {@code GET /openapi.json}: the API as OpenAPI, with the limits and tokens that this service has.
 */
final class ApiDescription implements Handler {

  private static final String FILE = "/storyloom/serve/openapi.json";

  private final ObjectNode description = read();
  private final byte[] json;

  ApiDescription(ServiceSettings settings, boolean tokensNeeded) {
    new WishSchema(description.withObject("/components/schemas/Wish"), settings).limit();
    if (!tokensNeeded) {
      open("/generate");
      open("/admin/reload"); // to nobody, whatever they show
    }
    for (String path : ServiceSettings.GUARDED) {
      if (!tokensNeeded || settings.isOpen(path)) {
        open(path);
      }
    }
    this.json = Json.bytes(description);
  }

  private static ObjectNode read() {
    try (InputStream in = ApiDescription.class.getResourceAsStream(FILE)) {
      return Json.object(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What needs no token answers no 401. */
  private void open(String path) {
    for (JsonNode operation : description.get("paths").get(path)) {
      ((ObjectNode) operation).remove("security");
      operation.withObject("/responses").remove("401");
    }
  }

  @Override
  public void handle(Context request) {
    request.contentType(Json.MEDIA_TYPE).header("Cache-Control", "no-cache").result(json);
  }
}
