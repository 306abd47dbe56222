package storyloom.jobs;

/** What a command ends with. */
final class ExitStatus {

  /** All is done. */
  static final int DONE = 0;

  /** Something went wrong that the user did not cause. */
  static final int FAILED = 1;

  /** A wrong argument, key or configuration. */
  static final int USAGE = 2;

  /** Data that cannot be used. */
  static final int DATA = 3;

  /** Trained, but the model is not the current one: the gate has refused it. */
  static final int NOT_PROMOTED = 4;

  /** Stopped with a checkpoint, to be gone on with. */
  static final int STOPPED = 5;

  private ExitStatus() {}
}
