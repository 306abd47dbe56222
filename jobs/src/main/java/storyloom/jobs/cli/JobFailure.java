package storyloom.jobs.cli;

/** A failure that one line explains and that no argument or file is to blame for: exit status 1. */
public final class JobFailure extends RuntimeException {

  /**
   * @param message one line, for people
   */
  public JobFailure(String message) {
    super(message);
  }
}
