package storyloom.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.fixture.RivalRuns;
import storyloom.model.fixture.StandStill;

/** The lock where nothing can be made only if it is not there; every interleaving is forced. */
@Timeout(60)
final class LockOnStoreTest {

  private static final String LOCK = "train.lock";
  private static final String CLAIM = "_train.lock-claim-";

  @TempDir private Path home;
  private Configuration store;

  @BeforeEach
  void letAllPutsPass() {
    store = StoreFiles.configuration(name -> {});
  }

  @AfterEach
  void end() {
    StoreFiles.configuration(name -> {});
  }

  private HomeLock take() {
    return HomeLock.take("store://" + home, store, Duration.ofMinutes(10), line -> {});
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
  void ofTwoThatSeeNoLockInOneMomentOneGetsIt() {
    RivalRuns rivals = new RivalRuns();
    store =
        StoreFiles.configuration(
            name -> {
              if (name.startsWith(CLAIM)) {
                rivals.beforeClaim();
              } else if (name.equals(LOCK)) {
                rivals.beforeLock();
              }
            });

    List<HomeLock> held = rivals.start(this::take);

    assertThat(held).hasSize(1);
    held.get(0).requireHeld();
    held.get(0).close();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void whoeverSawNoLockBeforeAnotherMadeItLooksAgain() throws Exception {
    StandStill claiming = beforePutOf(CLAIM);

    CompletableFuture<HomeLock> slow = RivalRuns.startOne(this::take);
    claiming.awaitFirst();
    try (HomeLock quick = take()) {
      claiming.end();

      assertThat(slow.get()).isNull();
      quick.requireHeld();
    }
  }

  /** From now on, the first that puts a file whose name begins so stands still before it. */
  private StandStill beforePutOf(String beginning) {
    StandStill first = new StandStill();
    store =
        StoreFiles.configuration(
            name -> {
              if (name.startsWith(beginning)) {
                first.pass();
              }
            });
    return first;
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
    StandStill putting = beforePutOf(LOCK);
    CompletableFuture<HomeLock> still = RivalRuns.startOne(this::take);
    putting.awaitFirst();
    try (var claims = Files.newDirectoryStream(home, CLAIM + "*")) {
      for (Path each : claims) {
        Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(120)));
      }
    }

    HomeLock next = take();
    putting.end();
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
