package storyloom.serve.http;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Closes connections that are late, however busy they look: clients that send a request, or take
 * its answer, a byte at a time would else hold threads and connections for ever. A time of silence,
 * as Jetty has it, does not see them.
 */
final class ConnectionDeadlines extends Handler.Wrapper implements Connection.Listener {

  private static final long SWEEP_MILLIS = 100;

  /** What a client has beyond the time of its request to take the answer. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Duration receive;
  private final Duration request;
  private final Map<EndPoint, Long> deadlines = new ConcurrentHashMap<>();
  private final Map<EndPoint, Runnable> endings = new ConcurrentHashMap<>();
  private final Thread sweeper = new Thread(this::sweep, "storyloom-deadlines");

  /**
   * @param receive time for a request to come in, after the connection was opened or the last
   *     answer was given
   * @param request time for the answer
   */
  ConnectionDeadlines(Duration receive, Duration request) {
    this.receive = receive;
    this.request = request;
    sweeper.setDaemon(true);
  }

  /** The connection of a request. */
  static EndPoint connection(Context request) {
    return connection(ServletContextRequest.getServletContextRequest(request.req()));
  }

  /** The connection of a request. */
  static EndPoint connection(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    sweeper.start();
  }

  @Override
  protected void doStop() throws Exception {
    sweeper.interrupt();
    super.doStop();
  }

  @Override
  public void onOpened(Connection connection) {
    put(connection.getEndPoint(), receive);
  }

  @Override
  public void onClosed(Connection connection) {
    deadlines.remove(connection.getEndPoint());
    end(connection.getEndPoint());
  }

  /** Has something run when the connection is closed, in the place of what was to be run before. */
  void whenClosed(EndPoint connection, Runnable ending) {
    endings.put(connection, ending);
    if (!connection.isOpen()) { // it may have been closed just before
      end(connection);
    }
  }

  private void end(EndPoint connection) {
    Runnable ending = endings.remove(connection);
    if (ending != null) {
      ending.run();
    }
  }

  @Override
  public boolean handle(Request received, Response response, Callback callback) throws Exception {
    EndPoint connection = connection(received);
    put(connection, receive);
    return super.handle(
        received, response, Callback.from(() -> put(connection, receive), callback));
  }

  /** The body has come in: from now on the time of the request counts. */
  void received(EndPoint connection) {
    put(connection, request.plus(GRACE));
  }

  /** The answer is held back for a time, which does not count. */
  void extend(EndPoint connection, Duration time) {
    put(connection, receive.plus(time));
  }

  private void put(EndPoint connection, Duration time) {
    if (connection.isOpen()) {
      deadlines.put(connection, System.nanoTime() + time.toNanos());
    }
  }

  private void sweep() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(SWEEP_MILLIS);
        closeLate(System.nanoTime());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLate(long now) {
    deadlines.forEach(
        (connection, deadline) -> {
          if (now - deadline >= 0) {
            deadlines.remove(connection);
            connection.close();
          }
        });
  }
}
