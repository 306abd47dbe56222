package storyloom.jobs.cli;

/**
 * Tells a cluster that a command has failed, in place of an exit status. It has no stack trace: the
 * message says all, and what a cluster shows of a failure is short.
 */
public final class CommandFailedException extends RuntimeException {

  /**
   * @param message one line, for people
   */
  CommandFailedException(String message) {
    super(message, null, false, false);
  }
}
