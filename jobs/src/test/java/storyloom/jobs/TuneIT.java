package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;

/** A search on a standalone cluster that loses an executor and its driver, and is stopped. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TuneIT {

  /** What tune.jar says when a trial has come to a rung. */
  private static final Pattern RUNG_DONE = Pattern.compile("trial \\d+ of \\d+, epoch .*");

  @TempDir static Path folder;

  private Path corpus;
  private TestCluster cluster;

  /** What a search finds that nothing happens to, in this JVM. */
  private Map<String, String> undisturbed;

  @BeforeAll
  void startTheCluster() throws Exception {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    Commands.Result ended = Commands.run(TuneJob::run, arguments("undisturbed"));
    assertThat(ended.status()).as("%s", ended.err()).isEqualTo(ExitStatus.DONE);
    undisturbed = TuningFiles.found(folder.resolve("undisturbed"));
    cluster = TestCluster.start(folder, 2);
  }

  @AfterAll
  void stopTheCluster() throws Exception {
    cluster.close();
  }

  private String[] arguments(String home, String... more) {
    Stream<String> search =
        Stream.of(
                "tune.space={\"model.hidden\": [16, 32], \"train.learning-rate\": [0.001, 0.003, 0.01]}",
                "tune.search=random",
                "tune.trials=6",
                "tune.epochs=2",
                "decode.max-tokens=12")
            .flatMap(setting -> Stream.of("--set", setting));
    return SmallCorpus.training(
        folder.resolve(home),
        corpus,
        Stream.concat(search, Stream.of(more)).toArray(String[]::new));
  }

  private BinCommand tune(String home, List<String> options, String... more) throws Exception {
    return cluster.submit(options, "tune.jar", List.of(arguments(home, more)));
  }

  private static void assertEnded(BinCommand.Ended ended, int status) {
    assertThat(ended.status()).as(ended.err()).isEqualTo(status);
  }

  @Test
  @Tag("soak")
  void anExecutorThatIsKilledChangesNoTrial() throws Exception {
    try (BinCommand running = tune("killed", FaultOptions.of("longest-delay=2000"))) {
      running.awaitLines(RUNG_DONE, 1);
      cluster.executor(1).orElseThrow().destroyForcibly();
      assertEnded(running.ended(), ExitStatus.DONE);
    }

    assertThat(TuningFiles.found(folder.resolve("killed"))).hasSize(6).isEqualTo(undisturbed);
  }

  @Test
  @Tag("soak")
  void whateverIsLostEachTrialEndsAsIfNothingHadHappened() throws Exception {
    List<String> slow = FaultOptions.of("longest-delay=3000");
    try (BinCommand killed = tune("disturbed", slow)) {
      killed.awaitLines(RUNG_DONE, 1);
      cluster.executor(1).orElseThrow().destroyForcibly();
      killed.awaitLines(RUNG_DONE, 2);
      killed.process().destroyForcibly();
      assertThat(killed.ended().status()).isNotZero();
    }
    try (BinCommand stopped = tune("disturbed", slow, "--resume")) {
      stopped.awaitLines(RUNG_DONE, 1);
      stopped.process().destroy();
      BinCommand.Ended ended = stopped.ended();
      assertEnded(ended, ExitStatus.STOPPED);
      assertThat(ended.out().get(ended.out().size() - 1)).contains("--resume");
    }
    try (BinCommand resumed = tune("disturbed", List.of(), "--resume")) {
      assertEnded(resumed.ended(), ExitStatus.DONE);
    }

    assertThat(TuningFiles.found(folder.resolve("disturbed"))).hasSize(6).isEqualTo(undisturbed);
  }
}
