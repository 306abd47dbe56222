package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import storyloom.serve.http.ClientConnection.ClientGoneException;

/** Server-sent events, as HTML's standard has them: a name and a line of JSON each. */
final class EventStream {

  static final String MEDIA_TYPE = "text/event-stream";

  private final OutputStream out;

  private EventStream(OutputStream out) {
    this.out = out;
  }

  /**
   * Begins the response to a request.
   *
   * @throws ClientGoneException if nobody takes it
   */
  static EventStream of(Context request) {
    request.contentType(MEDIA_TYPE);
    request.header("X-Accel-Buffering", "no"); // nginx would wait for the end
    request.header("Connection", "close"); // what a client sent ahead would be lost
    try {
      return new EventStream(request.res().getOutputStream());
    } catch (IOException broken) {
      throw new ClientGoneException();
    }
  }

  /**
   * Sends an event; it may wait in a buffer.
   *
   * @throws ClientGoneException if nobody takes it
   */
  void send(String name, Object data) {
    try {
      out.write(("event: " + name + "\ndata: ").getBytes(UTF_8));
      out.write(Json.bytes(data));
      out.write("\n\n".getBytes(UTF_8));
    } catch (IOException broken) {
      throw new ClientGoneException();
    }
  }

  /**
   * Sends what waits in a buffer.
   *
   * @throws ClientGoneException if nobody takes it
   */
  void flush() {
    try {
      out.flush();
    } catch (IOException broken) {
      throw new ClientGoneException();
    }
  }
}
