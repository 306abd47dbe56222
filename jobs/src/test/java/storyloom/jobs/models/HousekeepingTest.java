package storyloom.jobs.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.settings.Settings;

class HousekeepingTest {

  @TempDir Path home;

  private Housekeeping with(String key, String value) {
    Settings settings = Settings.defaults().with("home", home.toString()).with(key, value);
    return new Housekeeping(settings, new Configuration());
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(home.resolve(name));
  }

  @Test
  void halfWrittenFoldersGo() throws IOException {
    folder("prepared/_unfinished-1/train");
    folder("prepared/0123456789abcdef0123456789abcdef");
    folder("models/_unfinished-2");
    folder("checkpoints/20261121T010000-01234567/_unfinished-3");
    Path checkpoint = folder("checkpoints/20261122T010000-01234567/00000-00000000");

    with("registry.keep-checkpoints", "1").prune();

    assertThat(home.resolve("prepared").toFile().list())
        .containsExactly("0123456789abcdef0123456789abcdef");
    assertThat(home.resolve("models")).isEmptyDirectory();
    assertThat(home.resolve("checkpoints").toFile().list()).hasSize(1);
    assertThat(checkpoint).exists();
  }

  @Test
  void theNewestUnfinishedRunsStay() throws IOException {
    for (int night = 1; night <= 4; night++) {
      folder("checkpoints/2026112%dT010000-01234567/00000-00000000".formatted(night));
    }

    with("registry.keep-checkpoints", "2").prune();

    assertThat(home.resolve("checkpoints").toFile().list())
        .containsExactlyInAnyOrder("20261123T010000-01234567", "20261124T010000-01234567");
  }

  private Path tuning(String name, String record) throws IOException {
    Path tuning = folder("tunings/" + name);
    folder("tunings/" + name + "/checkpoints/trial-00000/00000-00000000");
    Files.writeString(tuning.resolve("trials.jsonl"), "{\"tuning\": \"x\"}\n" + record);
    Files.createFile(tuning.resolve("best.conf"));
    Files.createFile(tuning.resolve("report.html"));
    return tuning;
  }

  @Test
  void searchesThatNobodyResumesLoseTheirCheckpointsAndNothingElse() throws IOException {
    String begun = "{\"event\": \"begun\", \"trial\": 1, \"rung\": 1}\n";
    Path left = tuning("20261121T010000-01234567", begun);
    Path newest = tuning("20261122T010000-01234567", begun);
    Path done = tuning("20261123T010000-01234567", begun + "{\"event\": \"done\"}\n");
    Path foreign = folder("tunings/mine/checkpoints/trial-00000");

    with("registry.keep-checkpoints", "0").prune();

    assertThat(done.resolve("checkpoints")).as("left by a driver that was killed").doesNotExist();
    assertThat(left.resolve("checkpoints/trial-00000")).exists();

    with("registry.keep-checkpoints", "1").prune();

    assertThat(newest.resolve("checkpoints/trial-00000/00000-00000000")).exists();
    assertThat(foreign).exists();
    assertThat(left.toFile().list())
        .containsExactlyInAnyOrder("trials.jsonl", "best.conf", "report.html");
    assertThat(done.toFile().list())
        .containsExactlyInAnyOrder("trials.jsonl", "best.conf", "report.html");
  }

  @Test
  void storiesThatAreBeingWrittenStayAndThoseOfDaysAgoGo() throws IOException {
    Path fresh = folder("_stories.parquet-draft-" + UUID.randomUUID());
    Path old = folder("_stories.parquet-draft-" + UUID.randomUUID());
    Path foreign = folder("_mine");
    FileTime daysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(old, daysAgo);
    Files.setLastModifiedTime(foreign, daysAgo);

    with("registry.keep-reports", "1").prune();

    assertThat(fresh).exists();
    assertThat(foreign).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void ofOldRunsTheFiguresStay() throws IOException {
    for (int night = 1; night <= 3; night++) {
      Path run = folder("runs/2026112%dT010000-01234567".formatted(night));
      Files.createFile(run.resolve("report.html"));
      if (night > 1) {
        Files.createFile(run.resolve("run.json"));
      }
    }
    Files.createFile(home.resolve("runs/index.html"));

    with("registry.keep-reports", "1").prune();

    assertThat(home.resolve("runs").toFile().list())
        .as("the oldest never came to its end")
        .containsExactlyInAnyOrder(
            "20261122T010000-01234567", "20261123T010000-01234567", "index.html");
    assertThat(home.resolve("runs/20261122T010000-01234567").toFile().list())
        .containsExactly("run.json");
    assertThat(home.resolve("runs/20261123T010000-01234567/report.html")).exists();
  }

  @Test
  void anEmptyHomeIsNoTrouble() {
    assertThat(with("registry.keep-promoted", "1").prune()).isEmpty();
    assertThat(with("registry.keep-promoted", "1").diskUse())
        .isEqualTo(
            home + " takes 0 B: models 0 B, checkpoints 0 B, prepared 0 B, runs 0 B, tunings 0 B");
  }
}
