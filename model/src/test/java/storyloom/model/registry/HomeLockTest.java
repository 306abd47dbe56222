package storyloom.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;

class HomeLockTest {

  private static final Duration SILENCE = Duration.ofMinutes(10);

  @TempDir private java.nio.file.Path folder;
  private java.nio.file.Path home;
  private java.nio.file.Path file;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void name() {
    home = folder.resolve("home");
    file = home.resolve("train.lock");
  }

  private HomeLock take() {
    return take(SILENCE);
  }

  private HomeLock take(Duration silence) {
    return HomeLock.take(home.toString(), new Configuration(), silence, warnings::add);
  }

  private static LockHolder elsewhere(String heartbeat) {
    LockHolder here = LockHolder.here();
    return new LockHolder(
        "ann", "other.example", "another", here.process(), "", heartbeat, heartbeat, "token");
  }

  private void leave(LockHolder holder) throws IOException {
    Files.createDirectories(home);
    Files.writeString(file, holder.line() + "\n");
  }

  @Test
  void nothingIsLeftWhenItIsGivenBack() {
    try (HomeLock lock = take()) {
      assertThat(file).content().contains(System.getProperty("user.name"));
      lock.requireHeld();
    }

    assertThat(home).isEmptyDirectory();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aSecondRunIsToldWhoHoldsIt() {
    try (HomeLock lock = take()) {
      assertThatThrownBy(this::take)
          .isInstanceOfSatisfying(
              UserException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.LOCKED))
          .hasMessageContainingAll(
              "train.lock",
              System.getProperty("user.name") + " on ",
              "process " + ProcessHandle.current().pid());
      lock.requireHeld();
    }
  }

  @Test
  void anOwnerElsewhereLivesAsLongAsItIsHeardOf() throws IOException {
    leave(elsewhere(Instant.now().minusSeconds(60).toString()));

    assertThatThrownBy(this::take).hasMessageContaining("ann on other.example, process");
    assertThat(warnings).isEmpty();
  }

  @Test
  void anOwnerElsewhereThatIsSilentIsDead() throws IOException {
    leave(elsewhere(Instant.now().minusSeconds(3600).toString()));

    try (HomeLock lock = take()) {
      lock.requireHeld();
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("left by a run that has died", "ann on other.example");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void anOwnerOfThisSystemThatIsGoneIsDeadAtOnce() throws IOException {
    LockHolder here = LockHolder.here();
    leave( // the same number, but another process's start
        new LockHolder(
            here.owner(),
            here.host(),
            here.system(),
            here.process(),
            Instant.EPOCH.toString(),
            here.since(),
            here.heartbeat(),
            "token"));

    try (HomeLock lock = take()) {
      lock.requireHeld();
    }
    assertThat(warnings).hasSize(1);
  }

  @Test
  void aTornLockCountsByItsAge() throws IOException {
    Files.createDirectories(home);
    Files.writeString(file, "{\"owner\":\"an");
    assertThatThrownBy(this::take).hasMessageContaining("does not say whose");

    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    take().close();

    assertThat(warnings).hasSize(1);
  }

  @Test
  void whoeverLostItMustNotGoOn() throws IOException {
    HomeLock lock = take();
    leave(elsewhere(Instant.now().toString()));

    assertThatThrownBy(lock::requireHeld)
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("another run has taken", "ann on other.example");
    lock.close();
    assertThat(file).as("it is not this one's to remove").exists();
  }

  @Test
  @Timeout(60)
  void aLivingOwnerRenewsIt() throws IOException {
    try (HomeLock lock = take(Duration.ofMillis(50))) {
      String first = Files.readString(file);
      while (Files.readString(file).equals(first)) {
        Thread.onSpinWait();
      }
      lock.requireHeld();
    }
  }

  @Test
  void ofManyThatBreakAStaleLockOneGetsIt() throws Exception {
    for (int round = 0; round < 20; round++) {
      leave(elsewhere(Instant.EPOCH.toString()));
      List<CompletableFuture<HomeLock>> runs =
          IntStream.range(0, 4)
              .mapToObj(i -> CompletableFuture.supplyAsync(this::takeOrNull))
              .toList();
      List<HomeLock> held =
          runs.stream().map(CompletableFuture::join).filter(l -> l != null).toList();

      assertThat(held).hasSize(1);
      held.get(0).requireHeld();
      held.get(0).close();
    }
  }

  private HomeLock takeOrNull() {
    try {
      return HomeLock.take(home.toString(), new Configuration(), SILENCE, line -> {});
    } catch (UserException locked) {
      return null;
    }
  }
}
