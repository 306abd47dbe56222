package storyloom.serve.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** What is done at which path. */
final class Routes {

  private final RoutesConfig javalin;

  Routes(RoutesConfig javalin) {
    this.javalin = javalin;
  }

  /** Adds what is done by GET, and by HEAD, of whose answers Jetty sends all but the content. */
  void get(String path, Handler handler) {
    javalin.get(path, handler);
    javalin.head(path, handler);
  }

  /** Adds what is done by POST. */
  void post(String path, Handler handler) {
    javalin.post(path, handler);
  }
}
