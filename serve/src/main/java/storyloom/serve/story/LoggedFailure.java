package storyloom.serve.story;

import storyloom.model.OneLine;

/**
 * A failure as the log shows it: with the stack of the original and of its causes, but with
 * messages of one line each, for they may tell what stood in a file or a request.
 */
public final class LoggedFailure extends Exception {

  private static final int MOST_CAUSES = 20;

  private LoggedFailure(Throwable original, LoggedFailure cause) {
    super(OneLine.of(original.toString()), cause, false, true);
    setStackTrace(original.getStackTrace());
  }

  /** What is to be logged in the place of a failure. */
  public static LoggedFailure of(Throwable original) {
    return of(original, MOST_CAUSES);
  }

  private static LoggedFailure of(Throwable original, int causes) {
    Throwable cause = original.getCause();
    return new LoggedFailure(original, cause == null || causes == 0 ? null : of(cause, causes - 1));
  }

  @Override
  public String toString() {
    return getMessage(); // which begins with the name of the original's class
  }
}
