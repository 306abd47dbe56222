package storyloom.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command ends with, and what {@code --help} says of it. */
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

  /** Stopped with a checkpoint, to be resumed. */
  public static final int STOPPED = 5;

  /** Another run holds the lock of home. */
  public static final int LOCKED = 6;

  private static final Map<Integer, String> TEXTS =
      Map.of(
          DONE, "done",
          FAILED, "failed",
          USAGE, "wrong argument, key or configuration",
          DATA, "data that cannot be used",
          NOT_PROMOTED, "trained, but the model was refused by the gate and is not the current one",
          STOPPED, "stopped with a checkpoint; --resume continues",
          LOCKED, "another run holds the lock of home");

  private ExitStatus() {}

  /**
   * The lines of {@code --help} about some statuses.
   *
   * @return number → what it means, in the order given
   */
  public static Map<String, String> help(int... statuses) {
    Map<String, String> lines = new LinkedHashMap<>();
    Arrays.stream(statuses).forEach(s -> lines.put(Integer.toString(s), TEXTS.get(s)));
    return lines;
  }

  /** The lines of {@code --help} about every status, in ascending order. */
  public static Map<String, String> help() {
    return help(TEXTS.keySet().stream().mapToInt(Integer::intValue).sorted().toArray());
  }
}
