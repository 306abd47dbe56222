package storyloom.jobs.tracking;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.lang3.exception.ExceptionUtils;
import storyloom.jobs.cli.Console;

/**
 * Delivers to somebody who may be slow or gone, one delivery after another, on a thread of its own:
 * whoever sends does not wait. What cannot be delivered is lost; the first time that happens, and
 * only then, people are warned. Nothing is delivered any more after one delivery has run out of
 * time.
 */
final class BestEffortSender implements AutoCloseable {

  private final String addressee;
  private final Duration patience;
  private final Runnable hangUp;
  private final ExecutorService thread;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean givenUp;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  /**
   * @param addressee who that is, for the warning
   * @param patience time from sending something to its having been delivered
   * @param hangUp breaks off a delivery that is under way; called, on any thread, when one has run
   *     out of time
   */
  BestEffortSender(String addressee, Duration patience, Runnable hangUp) {
    this.addressee = addressee;
    this.patience = patience;
    this.hangUp = hangUp;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "storyloom-sender");
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Sends something. Not to be called after {@link #close()}, nor by two threads at a time.
   *
   * @param delivery may throw, and may take its time
   */
  void send(Runnable delivery) {
    last =
        CompletableFuture.runAsync(() -> deliver(delivery), thread)
            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(this::lost);
  }

  private void deliver(Runnable delivery) {
    if (!givenUp) {
      delivery.run();
    }
  }

  private Void lost(Throwable failure) {
    Throwable cause = ExceptionUtils.getRootCause(failure);
    boolean late = cause instanceof TimeoutException;
    if (warned.compareAndSet(false, true)) {
      Console.warn(
          "%s does not get to know all of this run: %s"
              .formatted(
                  addressee,
                  late
                      ? "it has not answered for %d seconds".formatted(patience.toSeconds())
                      : cause.toString().lines().findFirst().orElse("")));
    }
    if (late) {
      givenUp = true;
      hangUp.run();
    }
    return null;
  }

  /** Waits until all is delivered or lost, at most as long as there is patience. */
  @Override
  public void close() {
    last.join();
    thread.shutdownNow();
  }
}
