package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.ExitStatus;

/** A training whose driver dies or is stopped goes on, and ends as if nothing had happened. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeIT {

  private static final int EPOCHS = 6;
  private static final int ROUNDS = 4 * EPOCHS;

  /** Rounds after which a training is killed; some are left then. */
  private static final int[] MOMENTS = new Random(2).ints(5, 1, ROUNDS - 6).toArray();

  @TempDir static Path folder;

  private Path corpus;
  private String undisturbed;

  @BeforeAll
  void trainUndisturbed() throws Exception {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    Commands.Result trained = Commands.train(arguments("undisturbed"));
    undisturbed = trained.weights();
    assertThat(trained.out()).filteredOn(BinCommand.ROUND_DONE.asMatchPredicate()).hasSize(ROUNDS);
  }

  private String[] arguments(String home) {
    return SmallCorpus.training(
        folder.resolve(home),
        corpus,
        "--set",
        "train.workers=2",
        "--set",
        "train.averaging-frequency=1",
        "--set",
        "train.checkpoint-rounds=3",
        "--set",
        "train.epochs=" + EPOCHS);
  }

  private BinCommand train(String home, List<String> options, String... more) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("--master", "local[2]", "--conf", "spark.ui.enabled=false"));
    line.addAll(options);
    line.add(BinCommand.ROOT.resolve("jobs/train.jar").toString());
    line.addAll(List.of(arguments(home)));
    line.addAll(List.of(more));
    return BinCommand.start(folder, "spark-submit", line);
  }

  /** A training whose rounds take their time, so that it does not end before it is disturbed. */
  private BinCommand slowly(String home, String... more) throws IOException {
    return train(home, FaultOptions.of("longest-delay=200"), more);
  }

  private BinCommand.Ended resumed(String home) throws Exception {
    try (BinCommand resuming = train(home, List.of(), "--resume")) {
      return resuming.ended();
    }
  }

  /** Kills a training at once when it has done so many rounds. */
  private static void kill(BinCommand training, int rounds) throws Exception {
    training.awaitLines(BinCommand.ROUND_DONE, rounds);
    training.process().destroyForcibly();
    assertThat(training.ended().status()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  @Tag("soak")
  void aDriverKilledAtARandomMoment(int number) throws Exception {
    String home = "killed-" + number;
    try (BinCommand training = slowly(home)) {
      kill(training, MOMENTS[number]);
    }

    assertThat(resumed(home).weights()).isEqualTo(undisturbed);
  }

  @Test
  void aDriverKilledThenStoppedAndItsLastCheckpointAndItsPairsDamaged() throws Exception {
    String home = "disturbed";
    try (BinCommand training = slowly(home)) {
      kill(training, MOMENTS[0]);
    }
    BinCommand.Ended stopped = resumedAndStopped(home);
    assertThat(stopped.status()).as(stopped.err()).isEqualTo(ExitStatus.STOPPED);
    assertThat(stopped.out().get(stopped.out().size() - 1)).contains("--resume");
    Path newest = newest(folder.resolve(home).resolve("checkpoints"));
    flipAByte(newest.resolve("weights.safetensors"));
    Path shard = firstShard(folder.resolve(home).resolve("prepared"));
    flipAByte(shard);

    BinCommand.Ended trained = resumed(home);

    assertThat(trained.weights()).isEqualTo(undisturbed);
    assertThat(trained.err().lines().filter(line -> line.startsWith("warning: ")))
        .satisfiesExactly(
            checkpoint -> assertThat(checkpoint).contains(newest.toString()),
            pairs -> assertThat(pairs).contains("prepared anew", shard.toString()));
  }

  /** Goes on for some rounds, then is sent a SIGTERM. */
  private BinCommand.Ended resumedAndStopped(String home) throws Exception {
    try (BinCommand training = slowly(home, "--resume")) {
      training.awaitLines(BinCommand.ROUND_DONE, 2);
      training.process().destroy();
      return training.ended();
    }
  }

  private static void flipAByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** The newest checkpoint of the only run. */
  private static Path newest(Path checkpoints) throws IOException {
    try (Stream<Path> found = Files.find(checkpoints, 2, (path, as) -> isCheckpoint(path))) {
      return found.max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  private static Path firstShard(Path prepared) throws IOException {
    try (Stream<Path> found =
        Files.find(prepared, 3, (path, as) -> path.endsWith("train/shard-00000.bin"))) {
      return found.findFirst().orElseThrow();
    }
  }

  private static boolean isCheckpoint(Path path) {
    return path.getFileName().toString().matches("\\d{5}-\\d{8}");
  }
}
