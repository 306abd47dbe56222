package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose driver dies or is stopped goes on, and ends as if nothing had happened. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeIT {

  private static final int EPOCHS = 6;
  private static final int ROUNDS = 4 * EPOCHS;

  @TempDir static Path folder;

  private Path corpus;
  private String undisturbed;

  @BeforeAll
  void trainUndisturbed() throws Exception {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    try (BinCommand training = train("undisturbed", List.of())) {
      BinCommand.Ended trained = training.ended();
      undisturbed = trained.weights();
      assertThat(training.lines(BinCommand.ROUND_DONE)).isEqualTo(ROUNDS);
    }
  }

  private BinCommand train(String home, List<String> options, String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("--master", "local[2]"));
    line.addAll(options);
    line.add(BinCommand.ROOT.resolve("jobs/train.jar").toString());
    line.addAll(
        Arrays.asList(
            SmallCorpus.training(
                folder.resolve(home),
                corpus,
                "--set",
                "train.workers=2",
                "--set",
                "train.averaging-frequency=1",
                "--set",
                "train.checkpoint-rounds=3",
                "--set",
                "train.epochs=" + EPOCHS)));
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
  private void kill(BinCommand training, int rounds) throws Exception {
    training.awaitLines(BinCommand.ROUND_DONE, rounds);
    training.process().destroyForcibly();
    assertThat(training.ended().status()).isNotZero();
  }

  private void endsInTheSameWeights(int moment) throws Exception {
    String home = "killed-" + moment;
    try (BinCommand training = slowly(home)) {
      kill(training, 1 + new Random(moment).nextInt(ROUNDS - 4));
    }

    assertThat(resumed(home).weights()).isEqualTo(undisturbed);
  }

  @Test
  void aDriverKilledAtARandomMoment() throws Exception {
    endsInTheSameWeights(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  @Tag("soak")
  void aDriverKilledAtOtherRandomMoments(int moment) throws Exception {
    endsInTheSameWeights(moment);
  }

  @Test
  void aTrainingThatIsStoppedSaysSoAndGoesOn() throws Exception {
    try (BinCommand training = slowly("stopped")) {
      training.awaitLines(BinCommand.ROUND_DONE, 5);
      training.process().destroy();
      BinCommand.Ended stopped = training.ended();
      assertThat(stopped.status()).as(stopped.err()).isEqualTo(5);
      assertThat(stopped.out().get(stopped.out().size() - 1)).contains("--resume");
    }

    assertThat(resumed("stopped").weights()).isEqualTo(undisturbed);
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheOneBeforeTaken() throws Exception {
    Path checkpoints = folder.resolve("damaged/checkpoints");
    try (BinCommand training = slowly("damaged")) {
      training.await(() -> newest(checkpoints).filter(ResumeIT::isAnEpochsEnd).isPresent());
      kill(training, 4);
    }
    Path newest = newest(checkpoints).orElseThrow();
    flipAByte(newest.resolve("weights.safetensors"));

    BinCommand.Ended trained = resumed("damaged");

    assertThat(trained.weights()).isEqualTo(undisturbed);
    assertThat(trained.err().lines())
        .filteredOn(line -> line.startsWith("warning: "))
        .singleElement()
        .asString()
        .contains(newest.toString());
  }

  private static boolean isAnEpochsEnd(Path checkpoint) {
    return checkpoint.endsWith("00001-00000000");
  }

  private static void flipAByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** The newest whole checkpoint of the only run. */
  private static Optional<Path> newest(Path checkpoints) {
    if (!Files.exists(checkpoints)) {
      return Optional.empty();
    }
    try (Stream<Path> found = Files.find(checkpoints, 2, (path, as) -> isCheckpoint(path))) {
      return found.max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isCheckpoint(Path path) {
    return path.getFileName().toString().matches("\\d{5}-\\d{8}");
  }
}
