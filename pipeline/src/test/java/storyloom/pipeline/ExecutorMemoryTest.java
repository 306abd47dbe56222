package storyloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExecutorMemoryTest {

  private final ExecutorMemory memory = new ExecutorMemory();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger othersDone = new AtomicInteger();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A trial that is trained beside others until it is let go. */
  private Future<String> other(CountDownLatch letGo) {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> other =
        threads.submit(
            () ->
                memory.use(
                    () -> {
                      begun.countDown();
                      await(letGo);
                      othersDone.incrementAndGet();
                      return "other";
                    }));
    await(begun);
    return other;
  }

  @Test
  void whoRunsOutOfMemoryBesideAnotherIsTriedAgainWhenThatIsDone() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Future<String> other = other(letGo);

    String alone =
        memory.use(
            () -> {
              if (attempts.incrementAndGet() == 1) {
                letGo.countDown();
                throw new OutOfMemoryError("Java heap space");
              }
              return "alone, others done: " + othersDone;
            });

    assertThat(alone).isEqualTo("alone, others done: 1");
    assertThat(other.get()).isEqualTo("other");
  }

  @Test
  void whoRunsOutOfMemoryAloneHasFailed() {
    assertThatThrownBy(() -> memory.use(this::tooLarge)).isInstanceOf(OutOfMemoryError.class);

    assertThat(attempts).hasValue(1);
  }

  @Test
  void whoRunsOutOfMemoryAgainHasFailedAndOthersGoOn() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Future<String> other = other(letGo);
    letGo.countDown();

    assertThatThrownBy(() -> memory.use(this::tooLarge)).isInstanceOf(OutOfMemoryError.class);

    assertThat(attempts.get()).isBetween(1, 2);
    assertThat(other.get()).isEqualTo("other");
    assertThat(memory.use(() -> "next")).isEqualTo("next");
  }

  @Test
  void whatHasNothingToDoWithMemoryIsNotTriedAgain() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Future<String> other = other(letGo);

    assertThatThrownBy(
            () ->
                memory.use(
                    () -> {
                      attempts.incrementAndGet();
                      throw new IllegalStateException("damaged");
                    }))
        .hasMessage("damaged");

    assertThat(attempts).hasValue(1);
    letGo.countDown();
    assertThat(other.get()).isEqualTo("other");
  }

  private String tooLarge() {
    attempts.incrementAndGet();
    throw new OutOfMemoryError("Java heap space");
  }
}
