package storyloom.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingRunTest {

  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String OWN = "fedcba9876543210fedcba9876543210";

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
  void aRunWithoutACheckpointLeavesNothing() {
    try (TrainingRun run = create()) {
      run.need(KEY, OWN);
      assertThat(local(run.checkpoints())).isNotEmptyDirectory();
    }

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aRunWithACheckpointStaysUntilItIsDone() throws IOException {
    String name;
    try (TrainingRun run = create()) {
      name = run.name();
      run.need(KEY, OWN);
      checkpoint(run);
    }

    try (TrainingRun again =
        TrainingRun.newestUnfinished(home.toString(), configuration).orElseThrow()) {
      assertThat(again.name()).isEqualTo(name);
      assertThat(again.corpus()).hasValue(KEY);
      assertThat(again.corpusNames()).containsExactly(KEY, OWN);
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
  void runsBesideEachOtherLeaveEachOtherAlone() {
    try (TrainingRun first = create()) {
      first.need(KEY, OWN);
      create().close();

      assertThat(first.corpus()).hasValue(KEY);
    }
  }

  @Test
  void aCorpusIsNeededFromTheStartOfARunUntilItIsDone() throws IOException {
    assertThat(needed()).isEmpty();
    try (TrainingRun run = create()) {
      assertThat(needed()).isEmpty();
      run.need(KEY, OWN);
      assertThat(needed()).containsExactly(KEY);
      checkpoint(run);
    }

    assertThat(needed()).containsExactly(KEY);
    try (TrainingRun again =
        TrainingRun.newestUnfinished(home.toString(), configuration).orElseThrow()) {
      again.done();
    }
    assertThat(needed()).isEmpty();
  }

  @Test
  void aRunThatDiedLongAgoNeedsItsCorpusOnlyIfThereIsACheckpointToGoOnWith() throws IOException {
    TrainingRun died = create();
    died.need(KEY, OWN);
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(3)));
    Files.setLastModifiedTime(local(died.checkpoints()), longAgo);
    assertThat(needed()).isEmpty();

    checkpoint(died);
    Files.setLastModifiedTime(local(died.checkpoints()), longAgo);
    assertThat(needed()).containsExactly(KEY);
  }

  private Set<String> needed() {
    return TrainingRun.neededCorpora(home.toString(), configuration);
  }
}
