package storyloom.serve.http;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import storyloom.model.OneLine;
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
   * @throws UserException of usage if the file cannot be read, if others may read it too, or if a
   *     line of it is none or holds a token that stood there before
   */
  public static ApiTokens read(Path file, int requestsPerMinute) {
    List<Caller> callers = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    try {
      requireSecrecy(file);
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          String where = "serve.tokens-file: %s, line %d".formatted(file, i + 1);
          String[] words = words(line, where);
          Integer before = seen.put(words[1], i + 1);
          if (before != null) {
            throw UserException.usage(
                "%s holds the token of line %d again: take one of them away"
                    .formatted(where, before));
          }
          callers.add(caller(words, requestsPerMinute));
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

  /** Where the file system knows owners and others, only the owner and its group may use it. */
  private static void requireSecrecy(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (permissions.contains(OTHERS_READ) || permissions.contains(OTHERS_WRITE)) {
      throw UserException.usage(
          "serve.tokens-file: every user of this machine may read or write %s: chmod o-rw it; as a secret of Kubernetes, mount it with defaultMode: 0440"
              .formatted(file));
    }
  }

  /** The words of a line: a name, a token and, for an administrator, one more. */
  private static String[] words(String line, String where) {
    String[] words = line.split("\\s+");
    boolean admin = words.length == 3 && words[2].equals(ADMIN);
    if (words.length < 2 || words[1].length() < SHORTEST_TOKEN || (words.length > 2 && !admin)) {
      throw UserException.usage(
          "%s must be a name, a token of at least %d characters and, for administrators, the word admin"
              .formatted(where, SHORTEST_TOKEN));
    }
    return words;
  }

  private static Caller caller(String[] words, int requestsPerMinute) {
    Optional<Bucket> left =
        requestsPerMinute == 0 ? Optional.empty() : Optional.of(bucket(requestsPerMinute));
    return new Caller(OneLine.of(words[0]), Sha256.of(words[1]), words.length == 3, left);
  }

  private static Bucket bucket(int perMinute) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
        .build();
  }

  /** Whether requests need a token. */
  boolean areNeeded() {
    return !callers.isEmpty();
  }

  /** The name of a request's caller; {@link #ANYBODY} if it shows no token of the file. */
  String nameOf(String authorization) {
    return find(authorization).map(Caller::name).orElse(ANYBODY);
  }

  /**
   * Admits a request for what is not open to all.
   *
   * @throws ProblemException 401 for strangers
   */
  void requireAny(String authorization) {
    if (areNeeded()) {
      require(authorization);
    }
  }

  /**
   * Admits a request for stories.
   *
   * @param authorization the header; null if there is none
   * @return the caller's name
   * @throws ProblemException 401 for strangers, 429 for those who ask too often
   */
  String admit(String authorization) {
    if (!areNeeded()) {
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
    if (!areNeeded()) {
      throw forbidden("set serve.tokens-file, and show the token of an administrator in it");
    }
    if (!require(authorization).admin()) {
      throw forbidden("this token is not an administrator's");
    }
  }

  private Caller require(String authorization) {
    return find(authorization)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.of(
                        "unauthorized",
                        401,
                        "A token is needed",
                        "show a token of the service: Authorization: Bearer …")));
  }

  private Optional<Caller> find(String authorization) {
    byte[] shown = Sha256.of(token(authorization));
    Caller found = null;
    for (Caller caller : callers) { // all of them, so that the time gives nothing away
      if (MessageDigest.isEqual(caller.tokenHash(), shown)) {
        found = caller;
      }
    }
    return Optional.ofNullable(found);
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
