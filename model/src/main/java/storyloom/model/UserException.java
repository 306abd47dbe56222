package storyloom.model;

/**
 * A mistake that the person at the keyboard can mend. The message is one line, names the file or
 * the key and says what to do; the commands print it without a stack trace and end with {@link
 * #status()}. Whatever it quotes, it stays one line, as {@link OneLine} says.
 */
public final class UserException extends RuntimeException {

  /** Several paths of the greatest length are more than anybody reads. */
  private static final int MOST_CHARACTERS = 4000;

  private final int status;

  private UserException(int status, String message, Throwable cause) {
    super(OneLine.of(message, MOST_CHARACTERS), cause);
    this.status = status;
  }

  /** A wrong argument, key or configuration: exit status 2. */
  public static UserException usage(String message) {
    return new UserException(ExitStatus.USAGE, message, null);
  }

  /** A wrong argument, key or configuration, found out by another exception: exit status 2. */
  public static UserException usage(String message, Throwable cause) {
    return new UserException(ExitStatus.USAGE, message, cause);
  }

  /** Data that cannot be used, such as a missing corpus half or a damaged bundle: exit status 3. */
  public static UserException data(String message) {
    return new UserException(ExitStatus.DATA, message, null);
  }

  /** Data that cannot be used, found out by another exception: exit status 3. */
  public static UserException data(String message, Throwable cause) {
    return new UserException(ExitStatus.DATA, message, cause);
  }

  /** Another run works at the same place: exit status 6. */
  public static UserException locked(String message) {
    return new UserException(ExitStatus.LOCKED, message, null);
  }

  /** The same mistake in other words, of the same status; this one is its cause. */
  public UserException withMessage(String message) {
    return message.equals(getMessage()) ? this : new UserException(status, message, this);
  }

  /** The exit status of the process, one of {@link ExitStatus}. */
  public int status() {
    return status;
  }
}
