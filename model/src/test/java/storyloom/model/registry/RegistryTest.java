package storyloom.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.SmallModel;

class RegistryTest {

  private static final String OLD = "20261121T010000-00000000";
  private static final String NEW = "20261122T010000-11111111";
  private static final String NEWEST = "20261123T010000-22222222";

  @TempDir private java.nio.file.Path home;
  private java.nio.file.Path models;
  private Registry registry;

  @BeforeEach
  void open() {
    models = home.resolve("models");
    registry = new Registry(home.toString(), new Configuration());
  }

  @Test
  void withoutAModelTheMessageSaysHowToGetOne() {
    assertThat(registry.current()).isEmpty();
    assertThat(registry.versions()).isEmpty();
    assertThatThrownBy(() -> registry.resolve(Optional.empty()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "there is no model under file:%s: train one first (spark-submit jobs/train.jar)"
                    .formatted(models)
                + " or name one with --model DIR");
  }

  @Test
  void thePromotedVersionIsTheCurrentOne() throws IOException {
    make(OLD);
    make(NEW);
    registry.promote(NEW);
    registry.promote(OLD);

    assertThat(registry.current()).contains(OLD);
    assertThat(registry.resolve(Optional.empty())).isEqualTo(registry.modelDir(OLD));
    assertThat(models.resolve("current")).hasContent(OLD + "\n");
    assertThat(models.toFile().list())
        .containsExactlyInAnyOrder(OLD, OLD + ".json", NEW, NEW + ".json", "current");
  }

  @Test
  void versionsAreListedWithoutFilesAndTemporaryNames() throws IOException {
    make(NEW);
    make(OLD);
    make("_unfinished-7");
    make(".hidden");
    registry.promote(NEW);

    assertThat(registry.versions()).containsExactly(OLD, NEW);
  }

  @Test
  void whatDoesNotExistCannotBePromoted() throws IOException {
    make("_unfinished-7");

    for (String version : new String[] {NEW, "_unfinished-7", "", "..", "current", "a/b"}) {
      assertRefused(() -> registry.promote(version), "there is no model " + version);
    }
    assertThat(models.resolve("current")).doesNotExist();
  }

  @Test
  void aCurrentVersionThatIsGoneIsNamed() throws IOException {
    make(NEW);
    registry.promote(NEW);
    Files.delete(models.resolve(NEW));

    assertRefused(registry::current, "models/current names the model \"" + NEW + "\"");
    assertRefused(() -> registry.resolve(Optional.empty()), NEW);
  }

  @Test
  void withoutACurrentOneAVersionIsProposed() throws IOException {
    make(NEW);

    assertRefused(() -> registry.resolve(Optional.empty()), "current", "--model " + NEW);
  }

  @Test
  void aModelIsNamedByItsVersionOrItsDirectory() throws IOException {
    make(NEW);
    java.nio.file.Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));

    assertThat(registry.resolve(Optional.of(NEW))).isEqualTo(registry.modelDir(NEW));
    assertThat(registry.resolve(Optional.of(elsewhere.toString())))
        .isEqualTo(new Path("file:" + elsewhere));
    assertThat(registry.resolve(Optional.of(elsewhere.toUri().toString())))
        .isEqualTo(new Path("file:" + elsewhere));
    assertRefused(() -> registry.resolve(Optional.of("gone")), "there is no model gone");
    assertRefused(() -> registry.resolve(Optional.of("")), "--model");
  }

  @Test
  void aHomeThatIsNowhereIsRefused() {
    assertRefused(() -> new Registry("nosuch://x/y", new Configuration()), "nosuch://x/y");
    assertRefused(() -> new Registry("a:b", new Configuration()), "home must be a path or a URI");
  }

  @Test
  void theWorkingDirectoryIsAHome() {
    assertThat(new Registry(".", new Configuration()).modelsDir())
        .isEqualTo(new Path("file:" + java.nio.file.Path.of("models").toAbsolutePath()));
  }

  @Test
  void readersAlwaysSeeAWholeModelWhileOthersPromote() throws Exception {
    String old = SmallModel.write(models, Instant.EPOCH).getFileName().toString();
    String fresh = SmallModel.write(models, Instant.EPOCH.plusSeconds(1)).getFileName().toString();
    registry.promote(old);
    AtomicBoolean done = new AtomicBoolean();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              Registry readers = new Registry(home.toString(), new Configuration());
              while (!done.get()) {
                Path current = readers.resolve(Optional.empty());
                try (Bundle bundle = Bundle.read(current, new Configuration())) {
                  seen.add(bundle.version());
                }
              }
            });
    for (int i = 0; i < 100 || (seen.size() < 2 && !reader.isDone()); i++) {
      registry.promote(fresh);
      registry.promote(old);
    }
    done.set(true);

    reader.get();
    assertThat(seen).containsExactlyInAnyOrder(old, fresh);
  }

  @Test
  void aVersionIsACandidateUntilItIsPromotedOrRefused() throws IOException {
    make(OLD);
    make(NEW);
    assertThat(registry.record(NEW)).isEqualTo(VersionRecord.NONE);

    registry.measured(NEW, new TreeMap<>(Map.of("perplexity_per_word", 7.5)));
    assertThat(registry.record(NEW).state()).isEqualTo(VersionRecord.State.CANDIDATE);
    registry.promote(OLD);
    registry.promote(NEW);
    assertThat(registry.record(NEW).state()).isEqualTo(VersionRecord.State.PROMOTED);
    assertThat(registry.record(NEW).before()).isEqualTo(OLD);
    registry.refuse(NEW, "it repeats itself");

    assertThat(registry.record(NEW).state()).isEqualTo(VersionRecord.State.REFUSED);
    assertThat(registry.record(NEW).reason()).isEqualTo("it repeats itself");
    assertThat(registry.record(NEW).figures()).containsEntry("perplexity_per_word", 7.5);
  }

  @Test
  void rollbackGoesBackStepByStepAndNeverToWhatWasRefused() throws IOException {
    make(OLD);
    make(NEW);
    make(NEWEST);
    registry.promote(OLD);
    registry.promote(NEW);
    registry.promote(NEWEST);

    assertThat(registry.rollback()).isEqualTo(NEW);
    assertThat(registry.record(NEWEST).reason()).isEqualTo("rolled back to " + NEW);
    assertThat(registry.rollback()).isEqualTo(OLD);
    assertRefused(registry::rollback, "no model to go back to from " + OLD);
    registry.promote(NEWEST);
    assertThat(registry.rollback()).isEqualTo(OLD);
    assertThat(registry.current()).contains(OLD);
  }

  @Test
  void promotingTheCurrentVersionAgainKeepsWhatWasBefore() throws IOException {
    make(OLD);
    make(NEW);
    registry.promote(OLD);
    registry.promote(NEW);
    registry.promote(NEW);

    assertThat(registry.before(NEW)).contains(OLD);
  }

  @Test
  void aDamagedRecordIsNamed() throws IOException {
    make(NEW);
    for (String record :
        new String[] {
          "",
          "null",
          "[]",
          "{}",
          "{\"state\":",
          "{\"state\":null}",
          "{\"state\":\"good\"}",
          "{\"state\":\"promoted\",\"figures\":{\"perplexity_per_word\":null}}",
        }) {
      Files.writeString(models.resolve(NEW + ".json"), record);
      assertRefused(() -> registry.record(NEW), NEW + ".json is damaged");
    }
  }

  @Test
  void theModelBeforeIsLookedForAmongTheModelsAlone() throws IOException {
    make(OLD);
    make(NEW);
    String outside = "{\"state\":\"promoted\",\"before\":\"" + OLD + "\"}";
    Files.writeString(home.resolve("outside.json"), outside);
    for (String before : new String[] {"../outside", "a:b", "", " ", "\\n"}) {
      Files.writeString(
          models.resolve(NEW + ".json"),
          "{\"state\":\"promoted\",\"before\":\"%s\"}".formatted(before));
      assertThat(registry.before(NEW)).isEmpty();
    }
  }

  @Test
  void whateverCurrentHoldsIsToldInOneLine() throws IOException {
    make(NEW);
    for (String line :
        new String[] {
          "..", "../models/" + NEW, "a\n" + NEW, "\u001B[2J", "\u202E" + NEW, "x".repeat(1_000_000)
        }) {
      Files.writeString(models.resolve("current"), line);
      assertThatThrownBy(registry::current)
          .isInstanceOf(UserException.class)
          .hasMessageContaining("/current names the model \"")
          .hasMessageEndingWith("which is not there: bring it back, or train again")
          .satisfies(
              refusal ->
                  assertThat(refusal.getMessage())
                      .hasSizeLessThan(1000)
                      .doesNotContainPattern("[\\p{Cc}\\p{Cf}]"));
    }
    Files.writeString(models.resolve("current"), "x".repeat(2_000_000));
    assertRefused(registry::current, "it has more than 1,048,576 bytes");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeInPlaceOfCurrentIsRefusedWithoutWaitingForItsWriter() throws Exception {
    make(NEW);
    Path pipe = new Path(models.resolve("current").toUri());
    assertThat(new ProcessBuilder("mkfifo", pipe.toUri().getPath()).start().waitFor()).isZero();

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertRefused(registry::current, "it is a pipe or a device, not a file"));
  }

  private void make(String version) throws IOException {
    Files.createDirectories(models.resolve(version));
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(UserException.class).hasMessageContainingAll(parts);
  }
}
