package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSummaryTest {

  @TempDir Path runs;

  @Test
  void aSummaryTellsNoSecret() throws IOException {
    TrainingSummary summary =
        new TrainingSummary(
            "r",
            "m",
            null,
            "2026-11-25T01:00:00Z",
            true,
            null,
            new TreeMap<>(),
            new TreeMap<>(Map.of("notify.command", "curl https://hooks.example.org/T0/B0")));
    summary.write(new org.apache.hadoop.fs.Path(runs.resolve("r").toUri()), new Configuration());

    assertThat(runs.resolve("r/run.json")).content().doesNotContain("hooks.example.org");
    assertThat(
            TrainingSummary.all(new org.apache.hadoop.fs.Path(runs.toUri()), new Configuration()))
        .containsExactly(summary);
  }

  @Test
  void whatAnOlderReleaseWroteIsNotToldOn() throws IOException {
    Files.createDirectories(runs.resolve("r"));
    Files.writeString(
        runs.resolve("r/run.json"),
        """
        {"run": "r", "model": "m", "promoted": true, "figures": {},
         "settings": {"notify.command": "curl https://hooks.example.org/T0/B0"}}
        """);

    assertThat(
            TrainingSummary.all(new org.apache.hadoop.fs.Path(runs.toUri()), new Configuration()))
        .singleElement()
        .satisfies(read -> assertThat(read.settings()).containsEntry("notify.command", "set"));
  }
}
