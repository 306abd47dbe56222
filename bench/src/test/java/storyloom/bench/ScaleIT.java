package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import storyloom.bench.process.ProjectFolder;

/** Training on a standalone cluster, measured with a small model. */
class ScaleIT {

  private static final String JARS = "spark.jars";

  /** As bin/bench does it, so that executors have the classes. */
  @BeforeEach
  void giveExecutorsTheJars() {
    System.setProperty(
        JARS,
        ProjectFolder.file("jobs", "evaluate.jar")
            + ","
            + ProjectFolder.file("bench", "target", "storyloom-bench.jar"));
  }

  @AfterEach
  void takeThemBack() {
    System.clearProperty(JARS);
  }

  @Test
  void theFiguresSayWhatWasTrainedAndHow() throws Exception {
    JsonNode figures =
        BenchRun.of(
                "scale",
                "--executors=1",
                "--vocabulary=60",
                "--embedding=4",
                "--hidden=16",
                "--adaptive=20",
                "--batch=4",
                "--frequency=3",
                "--rounds=1",
                "--story=5")
            .figures();
    assertThat(figures.get("tokens_per_second").get("1").asDouble()).isPositive();
    assertThat(figures.get("ratio").asDouble()).isEqualTo(1);
    assertThat(figures.get("averaging_frequency").asInt()).isEqualTo(3);
    assertThat(figures.get("threads").asInt()).isEqualTo(1);
    assertThat(figures.get("precision").asText()).isEqualTo("float32");
    assertThat(figures.get("adaptive")).hasToString("[20]");
  }
}
