package storyloom.serve.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.serve.http.ClientConnection.ClientGoneException;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.LoggedFailure;

/**
 * What all responses have in common: headers, problems in the place of failures, a line in the log
 * and the counting.
 */
final class ResponseHandling {

  private static final Logger LOG = LoggerFactory.getLogger("storyloom.serve.requests");

  /**
   * What every response says to browsers: nothing of other hosts, no frames, no guesses at types.
   */
  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  /** As nginx counts clients that have gone. */
  private static final int CLIENT_GONE = 499;

  private static final int UNAUTHORIZED = 401;
  private static final String INSTANCE = "instance";
  private static final String NO_ROUTE = "none";

  private final ServiceMetrics metrics;
  private final ApiTokens tokens;
  private final RefusalDelay delay;
  private final ConnectionDeadlines deadlines;
  private final boolean logAddresses;

  /**
   * @param delay of the answers to strangers
   * @param logAddresses whether the log tells where requests come from
   */
  ResponseHandling(
      ServiceMetrics metrics,
      ApiTokens tokens,
      RefusalDelay delay,
      ConnectionDeadlines deadlines,
      boolean logAddresses) {
    this.metrics = metrics;
    this.tokens = tokens;
    this.delay = delay;
    this.deadlines = deadlines;
    this.logAddresses = logAddresses;
  }

  /** Has it done for all routes, and for what Jetty refuses before any route. */
  void addTo(JavalinConfig config) {
    config.routes.before(request -> SECURITY_HEADERS.forEach(request::header));
    config.routes.exception(
        ProblemException.class, (failure, request) -> respond(failure.problem(), request));
    config.routes.exception(
        ClientGoneException.class, (gone, request) -> request.status(CLIENT_GONE));
    config.routes.exception(HttpResponseException.class, this::refuse);
    config.routes.exception(Exception.class, this::respondInternal);
    config.requestLogger.http((request, millis) -> log(request, millis));
    config.jetty.modifyServer(server -> server.setErrorHandler(new JettyRefusals()));
  }

  private void respond(Problem problem, Context request) {
    metrics.countProblem(problem);
    Map<String, Object> json = problem.json();
    request.attribute(INSTANCE, json.get(INSTANCE));
    if (problem.retrySeconds() > 0) {
      request.header("Retry-After", Integer.toString(problem.retrySeconds()));
    }
    byte[] answer = Json.bytes(json);
    request.status(problem.status()).contentType(Problem.MEDIA_TYPE);
    if (problem.status() != UNAUTHORIZED || !holdBack(request)) {
      UnreadBody.answerAndDrop(request, answer);
    }
    if (!request.res().isCommitted()) {
      request.result(answer);
    }
  }

  /**
   * Each guess at a token costs a connection, and the time of the delay where there is room.
   *
   * @return whether there is room
   */
  private boolean holdBack(Context request) {
    request.header("WWW-Authenticate", "Bearer").header("Connection", "close");
    Optional<CompletableFuture<Void>> waiting = delay.begin();
    if (waiting.isPresent()) {
      deadlines.extend(ConnectionDeadlines.connection(request), delay.delay());
      request.future(waiting::get);
    }
    return waiting.isPresent();
  }

  /** What Javalin refuses, because there is no such path, or nothing is done so at it. */
  private void refuse(HttpResponseException refusal, Context request) {
    int status = refusal.getStatus();
    String detail = "/openapi.json says what is understood";
    if (status == 404) {
      detail = "there is nothing at this path: /openapi.json says what there is";
    } else if (status == 405) {
      String allowed = String.join(", ", refusal.getDetails().values()); // Javalin's one detail
      request.header("Allow", allowed);
      detail = "what is at this path takes " + allowed;
    }
    respond(Problem.ofStatus(status, detail), request);
  }

  private void respondInternal(Exception failure, Context request) {
    respond(Problem.internal(), request);
    LOG.error("{}", String.valueOf(request.<Object>attribute(INSTANCE)), LoggedFailure.of(failure));
  }

  /**
   * The log shows nothing that the client has made up: neither prompts nor paths, and no name of a
   * caller but that of a token of the file.
   */
  private void log(Context request, float millis) {
    String method = request.method().name();
    String route = route(request);
    int status = request.statusCode();
    metrics.countRequest(method, route, status, Duration.ofNanos((long) (millis * 1e6)));
    if (LOG.isInfoEnabled()) {
      String caller = tokens.nameOf(request.header("Authorization"));
      LOG.info(
          "{} {} {} in {} ms for {}{}",
          method,
          route,
          status,
          Math.round(millis),
          caller,
          from(request.ip()));
    }
  }

  private static String route(Context request) {
    Endpoint matched = request.endpoints().matchedHttpEndpoint();
    return matched == null ? NO_ROUTE : matched.path;
  }

  private String from(String address) {
    return logAddresses ? " from " + address : "";
  }

  /** What Jetty itself refuses, such as requests that are not HTTP, as problems. */
  private final class JettyRefusals extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int status = response.getStatus();
      Problem problem = Problem.ofStatus(status, detail(status));
      metrics.countProblem(problem);
      LOG.info(
          "{} {} {} for {}{}",
          RequestFilter.OTHER,
          NO_ROUTE,
          status,
          ApiTokens.ANYBODY,
          from(Request.getRemoteAddr(request)));
      SECURITY_HEADERS.forEach(response.getHeaders()::put);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
      response.write(true, ByteBuffer.wrap(Json.bytes(problem.json())), callback);
      return true;
    }

    private static String detail(int status) {
      return switch (status) {
        case 414 -> "the address is too long";
        case 431 -> "the headers are too long";
        case 426, 505 -> "only HTTP/1.1 and HTTP/1.0 are spoken here";
        default -> "the request is no proper HTTP, or its address can be read in several ways";
      };
    }
  }
}
