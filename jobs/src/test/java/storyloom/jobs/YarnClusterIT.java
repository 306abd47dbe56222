package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands in cluster mode on a real YARN, whose ApplicationMaster calls {@code main} and looks how
 * it ends.
 */
@Tag("cluster")
final class YarnClusterIT {

  private static final List<String> ONCE = List.of();

  @TempDir static Path folder;

  private static YarnCluster yarn;
  private static Path corpus;

  @BeforeAll
  static void startYarn() throws Exception {
    yarn = YarnCluster.start(folder);
    corpus = SmallCorpus.write(folder.resolve("corpus"));
  }

  @AfterAll
  static void stopYarn() {
    yarn.close();
  }

  private static Path home(String name) {
    return folder.resolve(name);
  }

  private static List<String> models(Path home) throws IOException {
    try (Stream<Path> models = Files.list(home.resolve("models"))) {
      return models.filter(Files::isDirectory).map(each -> each.getFileName().toString()).toList();
    }
  }

  @Test
  void aMistakeFailsOnceAndYarnTellsItsLine() throws Exception {
    ApplicationReport ended = yarn.submit(ONCE, "--set", "train.epoch=3");

    assertThat(ended.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(yarn.attempts(ended)).isEqualTo(1);
    assertThat(ended.getDiagnostics())
        .contains(
            "status 2, wrong argument, key or configuration: unknown setting train.epoch; did you mean train.epochs?");
  }

  @Test
  @Tag("soak")
  void aTrainingSucceedsOnceAndLeavesOneModel() throws Exception {
    Path home = home("trained");

    ApplicationReport ended = yarn.submit(ONCE, SmallCorpus.training(home, corpus));

    assertThat(ended.getFinalApplicationStatus())
        .as(ended.getDiagnostics())
        .isEqualTo(FinalApplicationStatus.SUCCEEDED);
    assertThat(yarn.attempts(ended)).isEqualTo(1);
    assertThat(models(home)).hasSize(1);
    assertThat(Files.readString(home.resolve("models/current")).strip())
        .isEqualTo(models(home).get(0));
    assertThat(yarn.driverSaid(ended))
        .contains("each executor: one task at a time, heap 1024m, spark.executor.memoryOverhead=")
        .contains("(chosen for this model)");
  }

  @Test
  @Tag("soak")
  void anOverheadTooSmallIsNamedBeforeAnythingIsTrained() throws Exception {
    Path home = home("scarce");

    ApplicationReport ended =
        yarn.submit(
            List.of("--conf", "spark.executor.memoryOverhead=260m"),
            SmallCorpus.training(home, corpus, "--set", "model.hidden=512"));

    assertThat(ended.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(ended.getDiagnostics())
        .contains("status 2", "spark.executor.memoryOverhead is 260m, but this model takes about");
    assertThat(home.resolve("models/current")).doesNotExist();
  }

  /** A spark-submit that is not bin/'s leaves YARN's two attempts as they are. */
  @Test
  @Tag("soak")
  void whatYarnStartsAgainUnaskedDoesNothing() throws Exception {
    Path home = home("again");

    ApplicationReport ended =
        yarn.submitBySpark(SmallCorpus.training(home, folder.resolve("no-corpus")));

    assertThat(ended.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(yarn.attempts(ended)).isEqualTo(2);
    assertThat(ended.getDiagnostics()).contains("YARN started this again, as attempt 2");
  }
}
