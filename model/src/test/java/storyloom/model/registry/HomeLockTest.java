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
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  private static Stream<String> oddLocks() {
    String future = Instant.now().plus(Duration.ofDays(400)).toString();
    return Stream.of(
        "",
        "{}",
        "null",
        "[]",
        "7",
        "\"ann\"",
        "{\"owner\":null,\"host\":null,\"system\":null,\"process\":null,\"heartbeat\":null}",
        elsewhere(Instant.EPOCH.toString()).line().replace("\"token\":\"token\"", "\"token\":null"),
        elsewhere(Instant.EPOCH.toString())
            .line()
            .replace("\"process\":", "\"process\":\"x\",\"p\":"),
        elsewhere(future).line(),
        elsewhere("+1000000000-12-31T23:59:59Z").line(),
        elsewhere("2026-02-30T00:00:00Z").line(),
        elsewhere("yesterday").line(),
        elsewhere("").line());
  }

  @ParameterizedTest
  @MethodSource("oddLocks")
  void anOddLockCountsByItsAge(String line) throws IOException {
    Files.createDirectories(home);
    Files.writeString(file, line + "\n");
    assertThatThrownBy(this::take)
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.LOCKED))
        .hasMessageContaining("another run holds");

    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    take().close();

    assertThat(warnings).singleElement().asString().contains("left by a run that has died");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void anOwnerWhoseClockIsAheadLivesAsLongAsItIsHeardOf() throws IOException {
    leave(elsewhere(Instant.now().plusSeconds(300).toString()));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));

    assertThatThrownBy(this::take).hasMessageContaining("ann on other.example, process");
  }

  @Test
  void anOwnerOfThisSystemIsKnownToLiveWhateverItsHeartbeat() throws IOException {
    LockHolder here = LockHolder.here();
    leave(
        new LockHolder(
            here.owner(),
            here.host(),
            here.system(),
            here.process(),
            here.started(),
            here.since(),
            "yesterday",
            "token"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));

    assertThatThrownBy(this::take).hasMessageContaining("process " + here.process());
  }

  @Test
  void whoeverLostItToAnOddLineMustNotGoOn() throws IOException {
    try (HomeLock lock = take()) {
      Files.writeString(file, "{}\n");

      assertThatThrownBy(lock::requireHeld)
          .isInstanceOf(UserException.class)
          .hasMessageContainingAll("another run has taken", "it does not say whose");
    }
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
