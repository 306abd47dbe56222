package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a standalone cluster loses in the middle of a training changes no bit of the weights that it
 * ends in.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LossesIT {

  @TempDir static Path folder;

  private Path corpus;
  private TestCluster cluster;
  private String undisturbed;

  @BeforeAll
  void trainUndisturbed() throws Exception {
    corpus = SmallCorpus.writeFirstOfData(folder.resolve("corpus"), 1000);
    cluster = TestCluster.start(folder, 2);
    undisturbed =
        trainHere("local[1]", "2 workers, 1 at a time on 1 task slot, with 1 thread each");
  }

  private String trainHere(String master, String slots) throws Exception {
    Commands.Result trained = Commands.runOn(master, TrainJob::run, arguments());
    String weights = trained.weights();
    assertThat(trained.out()).contains(slots);
    return weights;
  }

  @AfterAll
  void stopTheCluster() throws Exception {
    cluster.close();
  }

  private BinCommand train(List<String> options) throws Exception {
    return cluster.submit(options, "train.jar", List.of(arguments()));
  }

  /** All train in one home, so that the corpus is prepared once. */
  private String[] arguments() {
    return Stream.of(
            "home=" + folder.resolve("home"),
            "corpus.path=" + corpus,
            "model.embedding=16",
            "model.hidden=32",
            "train.epochs=1",
            "train.batch=16",
            "train.averaging-frequency=4",
            "train.workers=2")
        .flatMap(setting -> Stream.of("--set", setting))
        .toArray(String[]::new);
  }

  /** Workers that take turns are what all others are compared with. */
  @Test
  void theThreadsOfAWorkerLeaveNoTrace() throws Exception {
    assertThat(trainHere("local[4]", "2 workers, 2 at a time on 4 task slots, with 2 threads each"))
        .isEqualTo(undisturbed);
  }

  @Test
  @Tag("soak")
  void theClusterLeavesNoTrace() throws Exception {
    try (BinCommand training = train(List.of())) {
      assertThat(training.ended().weights()).isEqualTo(undisturbed);
    }
  }

  @Test
  void anExecutorKilledInMidRoundAndTasksThatThrow() throws Exception {
    try (BinCommand training = train(FaultOptions.of("throwing-share=0.1"))) {
      training.awaitLines(BinCommand.ROUND_DONE, 3);
      cluster.executor(1).orElseThrow().destroyForcibly();

      BinCommand.Ended trained = training.ended();
      assertThat(trained.weights()).isEqualTo(undisturbed);
      assertThat(trained.err()).contains("injected fault", "Lost executor");
    }
  }

  @Test
  @Tag("soak")
  void workersKilledAndStoppedAndStartedAgain() throws Exception {
    // delays make the rounds last until the workers are back
    try (BinCommand training = train(FaultOptions.of("longest-delay=2000"))) {
      training.awaitLines(BinCommand.ROUND_DONE, 3);
      cluster.worker(2).destroyForcibly();
      cluster.startWorker(2);
      awaitRoundsWithExecutor(2, training);
      cluster.stopWorker(1);
      cluster.startWorker(1);
      awaitRoundsWithExecutor(1, training);

      assertThat(training.ended().weights()).isEqualTo(undisturbed);
    }
  }

  private void awaitRoundsWithExecutor(int worker, BinCommand training) throws Exception {
    training.await(() -> cluster.executor(worker).isPresent());
    training.awaitLines(BinCommand.ROUND_DONE, training.lines(BinCommand.ROUND_DONE) + 2);
  }

  static List<List<String>> sparkSettings() {
    return List.of(
        List.of("speculation=true", "speculation.multiplier=1.1", "speculation.quantile=0.5"),
        List.of(
            "dynamicAllocation.enabled=true",
            "dynamicAllocation.shuffleTracking.enabled=true",
            "dynamicAllocation.initialExecutors=1",
            "dynamicAllocation.minExecutors=1",
            "dynamicAllocation.executorIdleTimeout=2s"));
  }

  /** Tasks that run twice, executors that are asked for when there is work for them. */
  @ParameterizedTest
  @MethodSource("sparkSettings")
  @Tag("soak")
  void sparksSchedulingLeavesNoTrace(List<String> settings) throws Exception {
    List<String> options = new ArrayList<>(FaultOptions.of("longest-delay=500"));
    settings.forEach(setting -> options.addAll(List.of("--conf", "spark." + setting)));
    try (BinCommand training = train(options)) {
      assertThat(training.ended().weights()).isEqualTo(undisturbed);
    }
  }

  @Test
  @Tag("soak")
  void anExecutorThatStandsStillForAWhile() throws Exception {
    try (BinCommand training = train(List.of())) {
      training.awaitLines(BinCommand.ROUND_DONE, 3);
      ProcessHandle executor = cluster.executor(2).orElseThrow();
      signal("STOP", executor);
      long rounds = training.lines(BinCommand.ROUND_DONE);
      Thread.sleep(8000); // this is the fault itself: nothing tells how long it lasts
      assertThat(training.lines(BinCommand.ROUND_DONE)).isLessThanOrEqualTo(rounds + 1);
      signal("CONT", executor);

      assertThat(training.ended().weights()).isEqualTo(undisturbed);
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    String[] line = {"kill", "-" + name, Long.toString(process.pid())};
    assertThat(new ProcessBuilder(line).start().waitFor()).isZero();
  }
}
