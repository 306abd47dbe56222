package storyloom.jobs;

/** A failure that one line explains and that no argument or file is to blame for: exit status 1. */
final class JobFailure extends RuntimeException {

  JobFailure(String message) {
    super(message);
  }
}
