package storyloom.serve.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import storyloom.serve.http.Problem.ProblemException;

/** The files of the page, as they stand in the program. */
final class PageFiles {

  /** Names of the page's files besides the one at {@code /}. */
  private static final List<String> NAMES =
      List.of(
          "advice.js",
          "clipboard.js",
          "download.js",
          "events.js",
          "favicon.svg",
          "form.js",
          "heat-map.js",
          "manuscript.js",
          "model-line.js",
          "page.css",
          "page.js",
          "prompt-marks.js",
          "prompt-notes.js",
          "prompt-reading.js",
          "prompt-spans.js",
          "service.js",
          "sheet.js",
          "stories.css",
          "story-card.js",
          "story-view.js",
          "story.js",
          "units.js",
          "visit-list.js",
          "visit.js",
          "word-table.js",
          "writing.js");

  private static final String INDEX = "index.html";
  private static final String FOLDER = "/storyloom/serve/page/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private PageFiles() {}

  /** Adds a route for each file. */
  static void addTo(Routes routes) {
    routes.get("/", request -> send(request, FOLDER + INDEX));
    for (String name : NAMES) {
      routes.get("/" + name, request -> send(request, FOLDER + name));
    }
  }

  private static void send(Context request, String resource) throws IOException {
    String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ProblemException(
            Problem.ofStatus(404, "this service was built without its page; see /openapi.json"));
      }
      request.contentType(type).header("Cache-Control", "no-cache").result(in.readAllBytes());
    }
  }
}
