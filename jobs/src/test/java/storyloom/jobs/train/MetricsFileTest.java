package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.jobs.Commands;

class MetricsFileTest {

  @TempDir Path folder;

  @Test
  void aRunIsGaugesWithTheirHelp() throws IOException {
    TrainingSummary summary =
        new TrainingSummary(
            "r",
            "m",
            null,
            "2026-11-25T01:00:00Z",
            false,
            "worse",
            new TreeMap<>(Map.of("perplexity_per_word", 12.5, "never", Double.NaN)),
            new TreeMap<>());
    Path file = folder.resolve("storyloom.prom");

    new MetricsFile(Instant.now().minusSeconds(60), 4, Optional.of(summary)).write(file);

    assertThat(Files.readAllLines(file))
        .contains(
            "# TYPE storyloom_run_exit_status gauge",
            "storyloom_run_exit_status 4.0",
            "storyloom_run_promoted 0.0",
            "storyloom_model_perplexity_per_word 12.5")
        .anyMatch(line -> line.matches("storyloom_run_duration_seconds 6\\d\\.\\d+"))
        .noneMatch(line -> line.contains("tokens_per_second"));
    assertThat(folder.toFile().list()).containsExactly("storyloom.prom");
  }

  @Test
  void aRunThatFailedHasItsStatus() {
    assertThat(new MetricsFile(Instant.now(), 3, Optional.empty()).text())
        .contains("storyloom_run_exit_status 3.0")
        .doesNotContain("promoted 1", "perplexity");
  }

  @Test
  void aFileThatCannotBeWrittenIsAWarning() {
    MetricsFile metrics = new MetricsFile(Instant.now(), 0, Optional.empty());
    Path file = folder.resolve("gone/storyloom.prom");

    Commands.Result result =
        Commands.run(
            arguments -> {
              metrics.write(file);
              return 0;
            });

    assertThat(result.err())
        .singleElement()
        .asString()
        .startsWith("warning: cannot write metrics.file=" + file + ": ");
    assertThat(folder).isEmptyDirectory();
  }
}
