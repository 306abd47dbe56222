package storyloom.serve.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How requests end: what is told of those that fail, a line in the log, and the counting. */
final class RequestEnd {

  private static final Logger LOG = LoggerFactory.getLogger("storyloom.serve.requests");

  /** As nginx counts clients that have gone. */
  private static final int CLIENT_GONE = 499;

  private static final String INSTANCE = "instance";
  private static final String NO_ROUTE = "none";

  private final ServiceMetrics metrics;

  RequestEnd(ServiceMetrics metrics) {
    this.metrics = metrics;
  }

  void addTo(JavalinConfig config) {
    config.routes.exception(
        ProblemException.class, (failure, request) -> tell(failure.problem(), request));
    config.routes.exception(
        ClientGoneException.class, (gone, request) -> request.status(CLIENT_GONE));
    config.routes.exception(
        HttpResponseException.class,
        (failure, request) ->
            tell(Problem.ofStatus(failure.getStatus(), "see /openapi.json"), request));
    config.routes.exception(Exception.class, this::tellInternal);
    config.requestLogger.http((request, millis) -> note(request, millis));
  }

  private void tell(Problem problem, Context request) {
    metrics.countProblem(problem);
    Map<String, Object> json = problem.json();
    request.attribute(INSTANCE, json.get(INSTANCE));
    if (problem.retrySeconds() > 0) {
      request.header("Retry-After", Integer.toString(problem.retrySeconds()));
    }
    if (problem.status() == 401) {
      request.header("WWW-Authenticate", "Bearer");
    }
    request.status(problem.status()).contentType(Problem.MEDIA_TYPE).result(Json.bytes(json));
  }

  private void tellInternal(Exception failure, Context request) {
    tell(Problem.internal(), request);
    LOG.error("{}", String.valueOf(request.<Object>attribute(INSTANCE)), failure);
  }

  /** Nothing of it comes from the client but the method: neither prompts nor paths. */
  private void note(Context request, float millis) {
    String route = route(request);
    int status = request.statusCode();
    metrics.countRequest(
        request.method().name(), route, status, Duration.ofNanos((long) (millis * 1e6)));
    if (LOG.isInfoEnabled()) {
      LOG.info("{} {} {} in {} ms", request.method().name(), route, status, Math.round(millis));
    }
  }

  private static String route(Context request) {
    String route = request.endpoint().path;
    return route.isEmpty() || route.equals("*") ? NO_ROUTE : route;
  }
}
