package storyloom.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static storyloom.model.fixture.ForcedOrder.await;
import static storyloom.model.fixture.ForcedOrder.meets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;

/** The lock where nothing can be made only if it is not there; every interleaving is forced. */
@Timeout(60)
final class LockOnStoreTest {

  private static final String LOCK = "train.lock";
  private static final String CLAIM = "_train.lock-claim-";

  @TempDir private Path home;
  private final ExecutorService runs = Executors.newCachedThreadPool();
  private Configuration store;

  @BeforeEach
  void letAllPutsPass() {
    store = StoreFiles.configuration(name -> {});
  }

  @AfterEach
  void end() {
    runs.shutdownNow();
    StoreFiles.configuration(name -> {});
  }

  private HomeLock take() {
    return HomeLock.take("store://" + home, store, Duration.ofMinutes(10), line -> {});
  }

  /** The lock, or null for one that was told to wait. */
  private CompletableFuture<HomeLock> start() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return take();
          } catch (UserException refused) {
            assertThat(refused.status()).isEqualTo(ExitStatus.LOCKED);
            return null;
          }
        },
        runs);
  }

  @Test
  void nothingIsLeftWhenItIsGivenBack() {
    try (HomeLock lock = take()) {
      lock.requireHeld();
      assertThat(home).isDirectoryContaining("glob:**/" + LOCK);
      assertThat(home).isDirectoryNotContaining("glob:**/_*");
      assertThatThrownBy(this::take).hasMessageContaining("another run holds");
    }

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void ofTwoThatSeeNoLockInOneMomentOneGetsIt() throws Exception {
    CyclicBarrier bothSawNone = new CyclicBarrier(2);
    CyclicBarrier bothPut = new CyclicBarrier(2);
    CountDownLatch firstHoldsIt = new CountDownLatch(1);
    AtomicInteger claims = new AtomicInteger();
    store =
        StoreFiles.configuration(
            name -> {
              if (name.startsWith(CLAIM) && claims.incrementAndGet() <= 2) {
                meets(bothSawNone);
              } else if (name.equals(LOCK) && meets(bothPut)) {
                await(firstHoldsIt); // both have looked and found none
              }
            });

    List<CompletableFuture<HomeLock>> both =
        Stream.of(start(), start())
            .map(run -> run.whenComplete((lock, failure) -> firstHoldsIt.countDown()))
            .toList();
    List<HomeLock> held =
        both.stream().map(CompletableFuture::join).filter(Objects::nonNull).toList();

    assertThat(held).hasSize(1);
    held.get(0).requireHeld();
    held.get(0).close();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void whoeverSawNoLockBeforeAnotherMadeItLooksAgain() throws Exception {
    CountDownLatch claiming = new CountDownLatch(1);
    CountDownLatch made = new CountDownLatch(1);
    AtomicInteger claims = new AtomicInteger();
    store =
        StoreFiles.configuration(
            name -> {
              if (name.startsWith(CLAIM) && claims.incrementAndGet() == 1) {
                claiming.countDown();
                await(made);
              }
            });

    CompletableFuture<HomeLock> slow = start();
    await(claiming);
    try (HomeLock quick = take()) {
      made.countDown();

      assertThat(slow.get()).isNull();
      quick.requireHeld();
    }
  }

  @Test
  void claimOfADeadRunCountsForAMinute() throws IOException {
    Path claim = Files.createFile(home.resolve(CLAIM + "0"));
    assertThatThrownBy(this::take)
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.LOCKED));

    Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minusSeconds(120)));
    take().close();

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void ofOneThatStoodStillAndTheNextOneHoldsIt() throws Exception {
    CountDownLatch stands = new CountDownLatch(1);
    CountDownLatch wakes = new CountDownLatch(1);
    AtomicInteger puts = new AtomicInteger();
    store =
        StoreFiles.configuration(
            name -> {
              if (name.equals(LOCK) && puts.incrementAndGet() == 1) {
                stands.countDown();
                await(wakes);
              }
            });
    CompletableFuture<HomeLock> still = start();
    await(stands);
    try (var claims = Files.newDirectoryStream(home, CLAIM + "*")) {
      for (Path each : claims) {
        Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(120)));
      }
    }

    HomeLock next = take();
    wakes.countDown();
    HomeLock woken = still.get();

    assertThat(woken).isNotNull();
    woken.requireHeld();
    assertThatThrownBy(next::requireHeld)
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.LOCKED));
    next.close();
    woken.requireHeld();
    woken.close();
  }
}
