package storyloom.jobs.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;

/**
 * How a command ends that could not do its work.
 *
 * @param status exit status of the process
 * @param line what to say, one line
 * @param explained whether the line says all; if not, the stack trace belongs into the log
 */
public record Failure(int status, String line, boolean explained) {

  /** How Spark quotes an executor's exception where it could not carry over the exception. */
  private static final Pattern QUOTED =
      Pattern.compile(Pattern.quote(UserException.class.getName()) + ": ([^\\r\\n]*)");

  /** What an exception means; Spark's wrappings of an executor's exception are looked through. */
  public static Failure of(Throwable thrown) {
    Optional<UserException> mistake = first(thrown, UserException.class);
    if (mistake.isPresent()) {
      return new Failure(mistake.get().status(), oneLine(mistake.get().getMessage()), true);
    }
    Optional<JobFailure> known = first(thrown, JobFailure.class);
    if (known.isPresent()) {
      return new Failure(ExitStatus.FAILED, oneLine(known.get().getMessage()), true);
    }
    return chain(thrown)
        .map(cause -> QUOTED.matcher(String.valueOf(cause.getMessage())))
        .filter(Matcher::find)
        .map(quoted -> new Failure(ExitStatus.DATA, quoted.group(1), true)) // tasks read data only
        .findFirst()
        .orElseGet(() -> new Failure(ExitStatus.FAILED, described(thrown), false));
  }

  private static String described(Throwable thrown) {
    Optional<OutOfMemoryError> memory = first(thrown, OutOfMemoryError.class);
    if (memory.isPresent()) {
      return "out of memory (%s): give more with --driver-memory or --executor-memory, or lower train.batch or decode.batch"
          .formatted(oneLine(String.valueOf(memory.get().getMessage())));
    }
    Throwable root = chain(thrown).reduce((outer, inner) -> inner).orElseThrow();
    return oneLine(root.toString()) + " (the stack trace is in the log)";
  }

  private static <T extends Throwable> Optional<T> first(Throwable thrown, Class<T> type) {
    return chain(thrown).filter(type::isInstance).map(type::cast).findFirst();
  }

  private static Stream<Throwable> chain(Throwable thrown) {
    return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).limit(100);
  }

  private static String oneLine(String message) {
    return message.lines().findFirst().orElse(message).strip();
  }
}
