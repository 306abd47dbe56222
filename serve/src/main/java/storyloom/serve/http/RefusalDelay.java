package storyloom.serve.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Holds back the answers to those who show no good token. No thread waits with them, and only so
 * many of them wait that most connections stay free for others: that the rest is answered at once
 * gains nothing but guesses, of which no number is enough, while waiting would keep others out.
 */
final class RefusalDelay {

  private final Duration delay;
  private final Semaphore places;
  private final Executor answering;

  /**
   * @param most that wait at a time
   * @param answering runs what is to be done after the delay
   */
  RefusalDelay(Duration delay, int most, Executor answering) {
    this.delay = delay;
    this.places = new Semaphore(most);
    this.answering = answering;
  }

  Duration delay() {
    return delay;
  }

  /** Is done after the delay; empty if nobody is to wait, or too many do. */
  Optional<CompletableFuture<Void>> begin() {
    if (delay.isZero() || !places.tryAcquire()) {
      return Optional.empty();
    }
    Executor later =
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, answering);
    return Optional.of(CompletableFuture.runAsync(places::release, later));
  }
}
