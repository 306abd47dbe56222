package storyloom.serve.page;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The line between a browser and the service. It can hold back the tokens of stories, and break.
 */
final class Line implements AutoCloseable {

  private static final byte[] TOKEN = "event: token".getBytes(StandardCharsets.US_ASCII);

  /** A line of its own, but a body may stand before it that ends without one. */
  private static final Pattern ADDRESS = Pattern.compile("(GET|POST) /\\S* HTTP/1\\.1");

  private static final int PLENTY = 1 << 30;

  private final int service;
  private final ServerSocket entrance;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private final StringBuffer sent = new StringBuffer();
  private final Semaphore tokens = new Semaphore(PLENTY);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param service the port that it leads to
   */
  Line(int service) {
    this.service = service;
    try {
      entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    threads.execute(this::accept);
  }

  /** The port that the browser goes to. */
  int port() {
    return entrance.getLocalPort();
  }

  /** From now on, only tokens that {@link #pass} allows go through. */
  void hold() {
    tokens.drainPermits();
  }

  /** Lets so many tokens more go through. */
  void pass(int more) {
    tokens.release(more);
  }

  /** Holds nothing back any more. */
  void passAll() {
    tokens.release(PLENTY - tokens.availablePermits());
  }

  /** What the browser has asked for so far, such as {@code GET /page.css HTTP/1.1}. */
  List<String> addresses() {
    return ADDRESS.matcher(sent).results().map(MatchResult::group).toList();
  }

  /** Breaks all connections; there are no new ones. */
  void cut() {
    close(entrance);
    ends.forEach(Line::close);
  }

  @Override
  public void close() {
    cut();
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        Socket browser = entrance.accept();
        Socket end = new Socket(InetAddress.getLoopbackAddress(), service);
        ends.add(browser);
        ends.add(end);
        threads.execute(() -> lead(browser, end, false));
        threads.execute(() -> lead(end, browser, true));
      }
    } catch (IOException over) {
      cut();
    }
  }

  /** Leads bytes one way until either end is gone, and then takes the other away. */
  private void lead(Socket from, Socket to, boolean answers) {
    try (from;
        to;
        InputStream in = new BufferedInputStream(from.getInputStream());
        OutputStream out = new BufferedOutputStream(to.getOutputStream())) {
      int matched = 0;
      for (int one = in.read(); one >= 0; one = in.read()) {
        matched = one == TOKEN[matched] ? matched + 1 : one == TOKEN[0] ? 1 : 0;
        if (matched == TOKEN.length) {
          matched = 0;
          if (answers) {
            out.flush();
            tokens.acquire();
          }
        }
        out.write(one);
        if (!answers) {
          sent.append((char) one);
        }
        if (in.available() == 0) {
          out.flush();
        }
      }
    } catch (IOException gone) {
      ends.remove(from);
      ends.remove(to);
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception gone) {
      throw new IllegalStateException("a socket could not be closed", gone);
    }
  }
}
