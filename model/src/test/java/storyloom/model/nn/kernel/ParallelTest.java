package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParallelTest {

  @AfterEach
  void backToOne() {
    NativeThreads.set(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "1, 7, 2", "2, 7, 1", "2, 7, 3", "3, 7, 3", "3, 100, 7", "4, 2, 1"})
  void everyNumberIsDoneOnceInPartsThatBeginAtAGrain(int threads, int size, int grain) {
    NativeThreads.set(threads);
    AtomicIntegerArray done = new AtomicIntegerArray(size);

    Parallel.over(
        size,
        grain,
        (from, to) -> {
          assertThat(from % grain).isZero();
          for (int i = from; i < to; i++) {
            done.incrementAndGet(i);
          }
        });

    for (int i = 0; i < size; i++) {
      assertThat(done.get(i)).isOne();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 7", "2, 7", "3, 100", "4, 2"})
  void everyPieceIsDoneOnce(int threads, int pieces) {
    NativeThreads.set(threads);
    AtomicIntegerArray done = new AtomicIntegerArray(pieces);

    Parallel.each(pieces, done::incrementAndGet);

    for (int i = 0; i < pieces; i++) {
      assertThat(done.get(i)).isOne();
    }
  }

  @Test
  @Timeout(30)
  void partsRunSideBySideAndEachIsAlone() {
    NativeThreads.set(2);
    CountDownLatch both = new CountDownLatch(2);
    Set<Integer> within = ConcurrentHashMap.newKeySet();

    Parallel.over(
        2,
        1,
        (from, to) -> {
          within.add(NativeThreads.count());
          both.countDown();
          try {
            both.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    assertThat(within).containsExactly(1);
    assertThat(NativeThreads.count()).isEqualTo(2);
  }

  @Test
  void aFailureInAnyPartReachesTheCaller() {
    NativeThreads.set(3);
    for (int failing = 0; failing < 3; failing++) {
      int part = failing;
      assertThatThrownBy(
              () ->
                  Parallel.over(
                      3,
                      1,
                      (from, to) -> {
                        if (from == part) {
                          throw new IndexOutOfBoundsException("part " + part);
                        }
                      }))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("part " + part);
      assertThat(NativeThreads.count()).isEqualTo(3);
    }
  }

  /** An error tells those above what to do, such as to free memory; wrapped up it would not. */
  @Test
  void anErrorOfAnotherThreadIsThrownAsItIs() {
    NativeThreads.set(2);
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");

    assertThatThrownBy(
            () ->
                Parallel.over(
                    2,
                    1,
                    (from, to) -> {
                      if (from == 1) {
                        throw full;
                      }
                    }))
        .isSameAs(full);
  }
}
