package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;

/** Whole trainings, of which an MLflow server is told. */
final class TrackedNightTest {

  @TempDir Path folder;

  private Path corpus;

  @BeforeEach
  void writeCorpus() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
  }

  private Commands.Result night(TrackingServer server) {
    return Commands.train(
        SmallCorpus.training(
            folder.resolve("home"),
            corpus,
            "--set",
            "train.mlflow-uri=" + server.uri(),
            "--set",
            "train.mlflow-experiment=nights",
            "--set",
            "gate.enabled=true",
            "--set",
            "gate.max-repetition=1",
            "--set",
            "decode.min-tokens=0",
            "--set",
            "notify.command=curl https://hooks.example.org/T0/B0"));
  }

  @Test
  void theServerKnowsOfTheNightWhatItsReportSays() throws IOException {
    try (TrackingServer server = new TrackingServer()) {
      Commands.Result night = night(server);

      assertThat(night.err()).noneMatch(line -> line.contains("MLflow"));
      JsonNode said = night.json();
      TrackingServer.Run run = server.run();
      assertThat(server.experiments()).containsExactly("nights");
      assertThat(run.status).isEqualTo("FINISHED");
      assertThat(run.params)
          .containsEntry("train.batch", "8")
          .containsEntry("gate.enabled", "true")
          .containsEntry("notify.command", "set")
          .doesNotContainKey("train.clip");
      assertThat(run.tags)
          .containsEntry("storyloom.model", said.get("model").textValue())
          .containsEntry("storyloom.verdict", "promoted");
      assertThat(run.metrics.get("valid_perplexity")).hasSize(2);
      assertThat(run.metrics.get("valid_perplexity"))
          .extracting(TrackingServer.Point::value)
          .contains(said.get("valid_perplexity").doubleValue());
      assertThat(run.metrics.get("perplexity_per_word"))
          .containsExactly(
              new TrackingServer.Point(0, said.get("perplexity_per_word").doubleValue()));
      assertThat(folder.resolve("home/runs").resolve(run.name)).isDirectory();
    }
  }

  @Test
  void aNightGoesOnWithoutAServerThatIsBroken() throws IOException {
    try (TrackingServer server = new TrackingServer()) {
      server.breakDownFor(Integer.MAX_VALUE);

      Commands.Result night = night(server);

      assertThat(night.status()).as("%s %s", night.out(), night.err()).isEqualTo(ExitStatus.DONE);
      assertThat(night.json().get("model").textValue()).isNotEmpty();
      assertThat(night.err())
          .filteredOn(line -> line.startsWith("warning: MLflow at " + server.uri()))
          .hasSize(1);
      assertThat(night.err()).noneMatch(line -> line.startsWith("\tat "));
    }
  }
}
