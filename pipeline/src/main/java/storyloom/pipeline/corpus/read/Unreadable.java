package storyloom.pipeline.corpus.read;

import java.io.IOException;
import org.apache.spark.SparkThrowable;
import storyloom.model.UserException;

/** Distinguishes damaged or forbidden files, which the user can mend, from bugs. */
public final class Unreadable {

  private Unreadable() {}

  /**
   * What to throw for a failure while reading: a {@link UserException} if a file is to blame, the
   * failure itself if it already explains itself or is a bug.
   *
   * @param what what was being read, for the message
   */
  public static RuntimeException explain(String what, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserException explained) {
        return explained;
      }
      if (cause instanceof IOException || isSparkComplaint(cause)) {
        return UserException.data("cannot read " + what + ": " + firstLine(cause), failure);
      }
    }
    return failure instanceof RuntimeException fault
        ? fault
        : new IllegalStateException("cannot read " + what, failure);
  }

  /** Whether Spark has a name for what is wrong, as it does for queries and files, not for bugs. */
  private static boolean isSparkComplaint(Throwable cause) {
    return cause instanceof SparkThrowable spark
        && spark.getErrorClass() != null
        && !spark.isInternalError();
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }
}
