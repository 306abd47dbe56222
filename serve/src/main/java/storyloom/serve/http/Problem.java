package storyloom.serve.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Why a client does not get what it has asked for, as RFC 9457 has it.
 *
 * @param kind names the problem for programs; {@code type} without its prefix
 * @param status of HTTP
 * @param title the same for all problems of a kind
 * @param detail what is wrong this time, and what to do
 * @param retrySeconds after which it may go better; 0 if time does not help
 */
record Problem(String kind, int status, String title, String detail, int retrySeconds) {

  /** Media type of what {@link #json} gives. */
  static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:storyloom:problem:";

  static Problem of(String kind, int status, String title, String detail) {
    return new Problem(kind, status, title, detail, 0);
  }

  /** The request says something wrong. */
  static Problem invalid(String detail) {
    return of("invalid-request", 400, "The request cannot be understood", detail);
  }

  /** The queue is full. */
  static Problem full(int retrySeconds) {
    return new Problem(
        "queue-full",
        429,
        "Too many stories are waiting",
        "as many stories wait as may: ask again in %d s".formatted(retrySeconds),
        retrySeconds);
  }

  /** The story took too long. */
  static Problem timeout() {
    return new Problem(
        "timeout",
        503,
        "The story took too long",
        "the story was not written within the time that a request may take: ask for fewer tokens, or later",
        1);
  }

  /** The service is about to end. */
  static Problem stopping() {
    return new Problem("stopping", 503, "The service is stopping", "ask again in a moment", 1);
  }

  /** Something that is not the client's fault. */
  static Problem internal() {
    return of(
        "internal",
        500,
        "The service has failed",
        "what happened stands in the service's log, under this instance");
  }

  /** What stands for a status that somebody else has chosen. */
  static Problem ofStatus(int status, String detail) {
    return switch (status) {
      case 404 -> of("not-found", status, "There is nothing here", detail);
      case 405 -> of("method-not-allowed", status, "This is not done here", detail);
      case 413, 414, 431 -> of("too-large", status, "The request is too large", detail);
      case 426, 505 -> of("http-version", status, "This version of HTTP is not spoken", detail);
      default ->
          status < 500
              ? of("invalid-request", status, "The request is refused", detail)
              : internal();
    };
  }

  /** The members of the problem's JSON; each call is another instance. */
  Map<String, Object> json() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", TYPE_PREFIX + kind);
    members.put("title", title);
    members.put("status", status);
    members.put("detail", detail);
    members.put("instance", "urn:uuid:" + UUID.randomUUID());
    return members;
  }

  /** Ends a request with a problem as its response. */
  static final class ProblemException extends RuntimeException {

    private final transient Problem problem;

    ProblemException(Problem problem) {
      super(problem.detail(), null, false, false); // no fault of the program: no stack trace
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
