package storyloom.serve.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client still sends when its request is refused. A connection that is closed upon data that
 * nobody has read is reset, and then the client may never see why it was refused (RFC 9112, section
 * 9.6). So the answer goes out at once, and what comes in after it is read and dropped.
 */
final class UnreadBody {

  /** Whoever sends more than this, in bytes, may miss the answer. */
  private static final int MOST = 1 << 20;

  private static final int PIECE = 8192;
  private static final Logger LOG = LoggerFactory.getLogger(UnreadBody.class);

  private UnreadBody() {}

  /**
   * Sends an answer and drops the rest of the body, for as long as a request may take to come in.
   * Does nothing where no body is left, or none whose end can be seen, or where the client asks
   * before it sends one: then the answer can go out as any other.
   *
   * @param answer to a request whose status and headers are set
   */
  static void answerAndDrop(Context request, byte[] answer) {
    if (!hasEnd(request) || request.header("Expect") != null) {
      return;
    }
    byte[] piece = new byte[PIECE];
    try {
      ServletInputStream body = request.req().getInputStream();
      if (body.isFinished()) {
        return;
      }
      request.res().setContentLength(answer.length);
      request.res().getOutputStream().write(answer);
      request.res().flushBuffer();
      int dropped = 0;
      for (int read = 0; read >= 0 && dropped < MOST; read = body.read(piece)) {
        dropped += read;
      }
    } catch (IOException broken) {
      LOG.debug("a client was not done with a request that is refused", broken);
    }
  }

  private static boolean hasEnd(Context request) {
    String coding = request.header("Transfer-Encoding");
    return coding == null
        ? request.req().getContentLengthLong() > 0
        : coding.strip().equalsIgnoreCase("chunked");
  }
}
