package storyloom.serve.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/** The files of the page, and the description of the API, as they stand in the program. */
final class PageFiles implements Handler {

  /** Path parameter of a file's name. */
  static final String NAME = "file";

  private static final String INDEX = "index.html";
  private static final Pattern NAMES = Pattern.compile("[a-z0-9-]+\\.[a-z0-9]+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "json", Json.MEDIA_TYPE);

  private static final String FOLDER = "/storyloom/serve/page/";
  private static final String OPEN_API = "/storyloom/serve/openapi.json";

  @Override
  public void handle(Context request) throws IOException {
    String name = request.pathParamMap().getOrDefault(NAME, INDEX);
    if (!NAMES.matcher(name).matches()) {
      throw notFound();
    }
    send(request, FOLDER + name);
  }

  /** {@code GET /openapi.json}. */
  static void openApi(Context request) throws IOException {
    send(request, OPEN_API);
  }

  private static void send(Context request, String resource) throws IOException {
    String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null || type == null) {
        throw notFound();
      }
      request.contentType(type).header("Cache-Control", "no-cache").result(in.readAllBytes());
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(
        Problem.ofStatus(404, "the service has POST /generate, and what /openapi.json lists"));
  }
}
