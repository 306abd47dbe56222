package storyloom.model.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  @TempDir private java.nio.file.Path home;
  private java.nio.file.Path models;
  private Registry registry;

  @BeforeEach
  void open() {
    models = home.resolve("models");
    registry = new Registry(home.toString(), new Configuration());
  }

  private List<String> prune(Retention retention) {
    return retention.prune(registry, new Configuration());
  }

  @Test
  void theNewestOfEachKindStay() throws IOException {
    for (int night = 1; night <= 8; night++) {
      make(night);
      if (night % 2 == 0) {
        registry.promote(version(night));
      } else {
        registry.refuse(version(night), "worse");
      }
    }

    assertThat(prune(new Retention(3, 1)))
        .containsExactly(version(2), version(1), version(3), version(5));
    assertThat(registry.versions()).isEqualTo(versions(4, 6, 7, 8));
    assertThat(models.resolve(version(5) + ".json")).doesNotExist();
    assertThat(models.resolve(version(6) + ".json")).exists();
  }

  @Test
  void candidatesCountAmongTheRefused() throws IOException {
    make(1);
    make(2);
    make(3);
    registry.refuse(version(2), "worse");

    prune(new Retention(1, 2));

    assertThat(registry.versions()).isEqualTo(versions(2, 3));
  }

  @Test
  void neitherTheCurrentModelNorTheOneBeforeEverGoes() throws IOException {
    for (int night = 1; night <= 5; night++) {
      make(night);
      registry.promote(version(night));
    }
    registry.promote(version(2)); // an old one again, by hand

    prune(new Retention(1, 1));

    assertThat(registry.current()).contains(version(2));
    assertThat(registry.versions()).isEqualTo(versions(2, 5));
    assertThat(registry.rollback()).isEqualTo(version(5));
  }

  @Test
  void zeroKeepsAll() throws IOException {
    make(1);
    make(2);
    registry.promote(version(1));

    assertThat(prune(new Retention(0, 0))).isEmpty();
    assertThat(registry.versions()).hasSize(2);
  }

  @Test
  void whatKilledProcessesLeaveGoes() throws IOException {
    make(1);
    registry.promote(version(1));
    Files.createDirectories(models.resolve("_unfinished-7/deep"));
    Files.createDirectories(models.resolve("_gone-7"));
    String fresh = "_current-" + UUID.randomUUID();
    Files.createFile(models.resolve(fresh));
    java.nio.file.Path old = Files.createFile(models.resolve("_current-" + UUID.randomUUID()));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
    Files.createFile(models.resolve(version(9) + ".json"));

    prune(new Retention(0, 0));

    assertThat(models.toFile().list())
        .as("a pointer that may just be on its way stays")
        .containsExactlyInAnyOrder(version(1), version(1) + ".json", "current", fresh);
  }

  @Test
  void withoutModelsThereIsNothingToDo() {
    assertThat(prune(new Retention(1, 1))).isEmpty();
  }

  private void make(int night) throws IOException {
    Files.createDirectories(models.resolve(version(night)));
  }

  private static String version(int night) {
    return "2026112%dT010000-00000000".formatted(night);
  }

  private static List<String> versions(int... nights) {
    return IntStream.of(nights).mapToObj(RetentionTest::version).toList();
  }
}
