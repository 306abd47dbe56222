package storyloom.model;

/** What a command ends with. */
public final class ExitStatus {

  /** All is done. */
  public static final int DONE = 0;

  /** Something went wrong that the user did not cause. */
  public static final int FAILED = 1;

  /** A wrong argument, key or configuration. */
  public static final int USAGE = 2;

  /** Data that cannot be used. */
  public static final int DATA = 3;

  /** Trained, but the model is not the current one: the gate has refused it. */
  public static final int NOT_PROMOTED = 4;

  /** Stopped with a checkpoint, to be gone on with. */
  public static final int STOPPED = 5;

  private ExitStatus() {}
}
