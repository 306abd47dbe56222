package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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
  @Tag("soak")
  void aMistakeFailsOnceAndYarnTellsItsLine() throws Exception {
    ApplicationReport ended = yarn.submit(ONCE, "--set", "train.epoch=3");

    assertThat(ended.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(yarn.attempts(ended)).isEqualTo(1);
    assertThat(ended.getDiagnostics())
        .contains(
            "status 2, wrong argument, key or configuration: unknown setting train.epoch; did you mean train.epochs?");
  }

  /**
   * A file named by {@code --files} lies in the driver's own folder, and conf's log settings do.
   */
  @Test
  void settingsTravelWithATrainingAndItsLogsAreAsQuietAsHere() throws Exception {
    Path home = home("travelled");
    Path settings = settings("travelling.conf", home);

    ApplicationReport ended =
        yarn.submit(List.of("--files", settings.toString()), "--config", "travelling.conf");

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
    assertThat(yarn.executorSaid(ended)).contains("INFO  FloatKernel: ");
    assertThat(List.of(yarn.driverSaid(ended), yarn.executorSaid(ended)))
        .allSatisfy(
            said ->
                assertThat(said)
                    .as("what Spark says without settings, and how")
                    .doesNotContain("SignalUtils", "SecurityManager", "default log4j profile")
                    .doesNotContainPattern("(?m)^\\d\\d/\\d\\d/\\d\\d \\d\\d:"));
  }

  @Test
  @Tag("soak")
  void aDriverOutsideYarnHasTheStatusAndTheLastLine() throws Exception {
    Path home = home("outside");
    Path settings = settings("outside.conf", home);

    BinCommand.Ended ended = yarn.runHere(ONCE, "--config", settings.toString());

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.lastLine().get("path").asText()).endsWith(models(home).get(0));
  }

  @Test
  void executorsThatYarnDoesNotGiveAreOneLineOnBothSidesAndFailOnce() throws Exception {
    List<String> options = List.of("--executor-memory", "7400m");
    String home = "home=" + home("large");
    String line =
        "an executor takes 8315m (spark.executor.memory 7400m, spark.executor.memoryOverhead 915m),"
            + " but this YARN gives 8192m at most (yarn.scheduler.maximum-allocation-mb)";

    BinCommand.Ended here = yarn.runHere(options, "--set", home);
    ApplicationReport there = yarn.submit(options, "--set", home);

    assertThat(here.status()).isEqualTo(2);
    assertThat(here.err()).contains("error: " + line).doesNotContain("\tat ");
    assertThat(there.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(yarn.attempts(there)).isEqualTo(1);
    assertThat(there.getDiagnostics()).contains("status 2", line);
  }

  private static Path settings(String name, Path home) throws IOException {
    String text =
        Stream.of(SmallCorpus.training(home, corpus, "--set", "train.epochs=1"))
            .filter(each -> !each.equals("--set"))
            .map(each -> each.replaceFirst("=(/.*)", "=\"$1\""))
            .collect(Collectors.joining("\n"));
    return Files.writeString(folder.resolve(name), text);
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
