package storyloom.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/**
 * The connection to a client whose request has been read and is not answered yet. Nothing is read
 * from such a connection, so this looks whether it still stands.
 */
final class ClientConnection {

  private static final int PAUSE_MILLIS = 100;

  private final EndPoint connection;
  private final ByteBuffer ahead = BufferUtil.allocate(1);
  private long nextLook = System.nanoTime();
  private boolean gone;

  ClientConnection(EndPoint connection) {
    this.connection = connection;
  }

  /**
   * Whether the client has gone; it is looked at some times a second. A client that closes its half
   * of the connection counts as gone. One that has sent more already, without waiting for the
   * answer, is not gone, and can no longer be looked at.
   */
  boolean isGone() {
    if (!gone && !ahead.hasRemaining() && System.nanoTime() - nextLook >= 0) {
      nextLook = System.nanoTime() + PAUSE_MILLIS * 1_000_000L;
      gone = look();
    }
    return gone;
  }

  /** Whether what the client sent ahead is lost, so that the connection cannot be kept alive. */
  boolean mustClose() {
    return ahead.hasRemaining();
  }

  private boolean look() {
    try {
      return connection.fill(ahead) < 0;
    } catch (IOException broken) {
      return true;
    }
  }

  /** Nobody waits for the answer any more. */
  static final class ClientGoneException extends RuntimeException {

    ClientGoneException() {
      super("the client has gone", null, false, false);
    }
  }
}
