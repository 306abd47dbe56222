package storyloom.serve.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import storyloom.serve.http.Problem.ProblemException;

/** Whether the service takes requests for stories, and how many it is busy with. */
final class ServiceState {

  private int busy;
  private boolean leaving;
  private boolean closing;
  private volatile boolean over;

  /**
   * Lets a request in.
   *
   * @return to be run when the request is answered, or can be answered no more; only the first time
   *     counts
   * @throws ProblemException if the service is about to end
   */
  synchronized Runnable enter() {
    if (closing) {
      throw new ProblemException(Problem.stopping());
    }
    busy++;
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        leave();
      }
    };
  }

  private synchronized void leave() {
    busy--;
    notifyAll();
  }

  /** Requests that are not answered yet. */
  synchronized int busy() {
    return busy;
  }

  /** Whether requests should come here; those that do may be let in all the same. */
  synchronized boolean isReady() {
    return !leaving;
  }

  /** From now on requests should go elsewhere. */
  synchronized void leaveSoon() {
    leaving = true;
  }

  /** From now on no request is let in. */
  synchronized void close() {
    leaving = true;
    closing = true;
  }

  /** From now on those that are in are to be ended at once. */
  void end() {
    over = true;
  }

  /** Whether requests that are in are to be ended. */
  boolean isOver() {
    return over;
  }

  /** Waits until all requests are answered, but not longer than this; whether they are. */
  synchronized boolean awaitQuiet(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (busy > 0 && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return busy == 0;
  }
}
