package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingRunTest {

  private final Configuration configuration = new Configuration();

  @TempDir Path home;

  private TrainingRun create() {
    return TrainingRun.create(home.toString(), configuration);
  }

  private static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  private static Path checkpoint(TrainingRun run) throws IOException {
    return Files.createDirectories(local(run.checkpoints()).resolve("00000-00000000"));
  }

  @Test
  void aRunWithoutACheckpointLeavesNothing() throws IOException {
    try (TrainingRun run = create()) {
      Files.createDirectories(local(run.train()));
      assertThat(home.resolve("prepared")).isNotEmptyDirectory();
    }

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aRunWithACheckpointStaysUntilItIsDone() throws IOException {
    String name;
    try (TrainingRun run = create()) {
      name = run.name();
      Files.createDirectories(local(run.train()));
      checkpoint(run);
    }

    try (TrainingRun again =
        TrainingRun.newestUnfinished(home.toString(), configuration).orElseThrow()) {
      assertThat(again.name()).isEqualTo(name);
      assertThat(local(again.train())).isDirectory();
      again.done();
    }
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void theNewestOfSeveralIsGoneOnWith() throws IOException {
    Files.createDirectories(home.resolve("checkpoints/20260101T000000-0000000a/00000-00000000"));
    Files.createDirectories(home.resolve("checkpoints/20260102T000000-00000001/00000-00000000"));
    Files.createDirectories(home.resolve("checkpoints/20260103T000000-00000001/_unfinished-1"));

    assertThat(TrainingRun.newestUnfinished(home.toString(), configuration))
        .map(TrainingRun::name)
        .hasValue("20260102T000000-00000001");
  }

  @Test
  void thereIsNothingToGoOnWithInAnEmptyHome() {
    assertThat(TrainingRun.newestUnfinished(home.toString(), configuration)).isEmpty();
  }

  @Test
  void runsBesideEachOtherLeaveEachOthersPairsAlone() throws IOException {
    try (TrainingRun first = create()) {
      Path train = local(first.train());
      Files.createDirectories(train);
      create().close();

      assertThat(train).exists();
    }
  }
}
