package storyloom.serve.http;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;
import storyloom.serve.http.Problem.ProblemException;

/**
 * Who may use the service: whoever shows one of the bearer tokens of a file, or anybody if there is
 * no file. Each line of the file is a name, a token, and {@code admin} for an administrator.
 */
public final class ApiTokens {

  /** Anybody's name. */
  static final String ANYBODY = "-";

  private static final int SHORTEST_TOKEN = 16;
  private static final String BEARER = "bearer ";
  private static final String ADMIN = "admin";

  /** A caller, with the requests that are left to it. */
  private record Caller(String name, byte[] tokenHash, boolean admin, Optional<Bucket> left) {}

  private final List<Caller> callers;

  private ApiTokens(List<Caller> callers) {
    this.callers = List.copyOf(callers);
  }

  /** Anybody may use the service, and nobody may administer it. */
  public static ApiTokens anybody() {
    return new ApiTokens(List.of());
  }

  /**
   * Those of a file.
   *
   * @param requestsPerMinute of each; 0 for as many as it likes
   * @throws UserException of usage if the file cannot be read, or a line of it is none
   */
  public static ApiTokens read(Path file, int requestsPerMinute) {
    List<Caller> callers = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          callers.add(caller(line, file + ", line " + (i + 1), requestsPerMinute));
        }
      }
    } catch (IOException e) {
      throw UserException.usage("serve.tokens-file: cannot read %s".formatted(file), e);
    }
    if (callers.isEmpty()) {
      throw UserException.usage("serve.tokens-file: %s holds no token".formatted(file));
    }
    return new ApiTokens(callers);
  }

  private static Caller caller(String line, String where, int requestsPerMinute) {
    String[] words = line.split("\\s+");
    boolean admin = words.length == 3 && words[2].equals(ADMIN);
    if (words.length < 2 || words[1].length() < SHORTEST_TOKEN || (words.length > 2 && !admin)) {
      throw UserException.usage(
          "%s must be a name, a token of at least %d characters and, for administrators, the word admin"
              .formatted(where, SHORTEST_TOKEN));
    }
    Optional<Bucket> left =
        requestsPerMinute == 0 ? Optional.empty() : Optional.of(bucket(requestsPerMinute));
    return new Caller(words[0], Sha256.of(words[1]), admin, left);
  }

  private static Bucket bucket(int perMinute) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
        .build();
  }

  /**
   * Admits a request for stories.
   *
   * @param authorization the header; null if there is none
   * @return the caller's name
   * @throws ProblemException 401 for strangers, 429 for those who ask too often
   */
  String admit(String authorization) {
    if (callers.isEmpty()) {
      return ANYBODY;
    }
    Caller caller = require(authorization);
    if (caller.left().isPresent()) {
      ConsumptionProbe probe = caller.left().get().tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        throw tooOften(probe.getNanosToWaitForRefill());
      }
    }
    return caller.name();
  }

  /**
   * Admits a request to administer.
   *
   * @throws ProblemException 401 for strangers, 403 for all but administrators
   */
  void requireAdmin(String authorization) {
    if (callers.isEmpty()) {
      throw forbidden("set serve.tokens-file, and show the token of an administrator in it");
    }
    if (!require(authorization).admin()) {
      throw forbidden("this token is not an administrator's");
    }
  }

  private Caller require(String authorization) {
    byte[] shown = Sha256.of(token(authorization));
    Caller found = null;
    for (Caller caller : callers) { // all of them, so that the time gives nothing away
      if (MessageDigest.isEqual(caller.tokenHash(), shown)) {
        found = caller;
      }
    }
    if (found == null) {
      throw new ProblemException(
          Problem.of(
              "unauthorized",
              401,
              "A token is needed",
              "show a token of the service: Authorization: Bearer …"));
    }
    return found;
  }

  private static String token(String authorization) {
    boolean bearer =
        authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer ? authorization.substring(BEARER.length()).strip() : "";
  }

  private static ProblemException forbidden(String detail) {
    return new ProblemException(Problem.of("forbidden", 403, "This is for administrators", detail));
  }

  private static ProblemException tooOften(long nanosToWait) {
    int seconds = Math.toIntExact(TimeUnit.NANOSECONDS.toSeconds(nanosToWait)) + 1;
    return new ProblemException(
        new Problem(
            "too-often",
            429,
            "This token asks too often",
            "ask again in %d s".formatted(seconds),
            seconds));
  }
}
