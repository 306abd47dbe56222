package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.train.SmallTraining.Log;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.OuterSettings;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;
import storyloom.pipeline.train.plan.TrainingResult.Ending;

/** A training that is stopped and resumed ends in the same bits as one that was not. */
class ResumeTest {

  private static final int WORKERS = 2;

  /** Three epochs of four rounds, the last one ragged, with all that a checkpoint must carry. */
  private static final TrainingPlan PLAN =
      new TrainingPlan(
          SmallTraining.MODEL,
          SmallTraining.PLATEAU,
          new OuterSettings(OuterSettings.Kind.NESTEROV, 0.5, 0.9, 3, 0.9),
          3,
          BatchSize.ofPairs(16),
          2,
          WORKERS);

  private static final TrainingPlan WITHOUT_AVERAGE =
      new TrainingPlan(
          PLAN.model(),
          PLAN.optimisation(),
          new OuterSettings(OuterSettings.Kind.NESTEROV, 0.5, 0.9, 3),
          PLAN.epochs(),
          PLAN.batch(),
          PLAN.frequency(),
          WORKERS);

  private static final Log WHOLE = new Log();

  @TempDir static Path all;

  private static org.apache.hadoop.fs.Path shards;
  private static float[] undisturbed;

  @TempDir Path folder;

  private SmallTraining small;

  @BeforeAll
  static void trainUndisturbed() {
    SmallTraining whole = new SmallTraining(all);
    shards = whole.shards("shards", 107, WORKERS);
    try (Trainer trainer =
        whole.trainer(
            PLAN, TrainingLimits.NONE, new StopRequest(), WHOLE, whole.checkpoints("kept", 1, 2))) {
      trainer.train(shards, shards);
      undisturbed = SmallTraining.weights(trainer);
    }
  }

  @BeforeEach
  void setUp() {
    small = new SmallTraining(folder);
  }

  /** Stops after so many rounds; gives the reports. */
  private Log stopAfter(int rounds, Checkpoints checkpoints) {
    return stopAfter(rounds, checkpoints, trainer -> trainer);
  }

  private Log stopAfter(int rounds, Checkpoints checkpoints, UnaryOperator<Trainer> start) {
    StopRequest stop = new StopRequest();
    List<RoundReport> seen = new ArrayList<>();
    Log log =
        new Log(
            report -> {
              seen.add(report);
              if (seen.size() == rounds) {
                stop.request();
              }
            });
    try (Trainer trainer = small.trainer(PLAN, TrainingLimits.NONE, stop, log, checkpoints)) {
      assertThat(start.apply(trainer).train(shards, shards).ending()).isEqualTo(Ending.STOPPED);
    }
    return log;
  }

  private float[] resume(Log log, Checkpoints checkpoints) {
    try (Checkpoint checkpoint = small.newest("stopped", warning -> {});
        Trainer trainer =
            small.trainer(PLAN, TrainingLimits.NONE, new StopRequest(), log, checkpoints)) {
      trainer.startFrom(checkpoint).train(shards, shards);
      return SmallTraining.weights(trainer);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7})
  void aStoppedTrainingEndsInTheSameBits(int rounds) {
    Log before = stopAfter(rounds, small.checkpoints("stopped", 0, 1));
    Log after = new Log();
    float[] resumed = resume(after, small.checkpoints("stopped", 0, 1));

    assertThat(resumed).containsExactly(undisturbed);
    assertThat(before.rounds).hasSize(rounds);
    assertThat(
            Stream.concat(before.rounds.stream(), after.rounds.stream()).map(ResumeTest::figures))
        .containsExactlyElementsOf(WHOLE.rounds.stream().map(ResumeTest::figures).toList());
    assertThat(after.epochs.get(after.epochs.size() - 1).valid())
        .isEqualTo(WHOLE.epochs.get(2).valid());
  }

  /** Copying; long stories in windows of two tokens, read by LSTMs and by a Transformer. */
  static List<TrainingPlan> otherPlans() {
    return List.of(
        otherPlan(SmallTraining.COPYING, PLAN.batch()),
        otherPlan(SmallTraining.MODEL, PLAN.batch().inWindows(2)),
        otherPlan(SmallTraining.TRANSFORMER, PLAN.batch().inWindows(2)));
  }

  private static TrainingPlan otherPlan(Seq2SeqConfig model, BatchSize batch) {
    return new TrainingPlan(
        model, SmallTraining.PLATEAU, PLAN.outer(), 1, batch, PLAN.frequency(), WORKERS);
  }

  @ParameterizedTest
  @MethodSource("otherPlans")
  void aStoppedTrainingByAnotherPlanEndsInTheSameBits(TrainingPlan other) {
    float[] whole;
    try (Trainer trainer =
        small.trainer(
            other,
            TrainingLimits.NONE,
            new StopRequest(),
            new Log(),
            small.checkpoints("whole", 0, 1))) {
      trainer.train(shards, shards);
      whole = SmallTraining.weights(trainer);
    }
    StopRequest stop = new StopRequest();
    Log log = new Log(report -> stop.request());
    try (Trainer trainer =
        small.trainer(other, TrainingLimits.NONE, stop, log, small.checkpoints("stopped", 0, 1))) {
      trainer.train(shards, shards);
    }

    try (Checkpoint checkpoint = small.newest("stopped", warning -> {});
        Trainer trainer =
            small.trainer(
                other,
                TrainingLimits.NONE,
                new StopRequest(),
                new Log(),
                small.checkpoints("stopped", 0, 1))) {
      trainer.startFrom(checkpoint).train(shards, shards);
      assertThat(SmallTraining.weights(trainer)).containsExactly(whole);
    }
  }

  /** All of a report but the times. */
  private static List<Object> figures(RoundReport report) {
    return List.of(
        report.epoch(),
        report.round(),
        report.tally(),
        report.learningRate(),
        report.gradientNorm());
  }

  @Test
  void aDamagedCheckpointFallsBackToTheOneBeforeAndTheEndIsTheSame() throws IOException {
    stopAfter(6, small.checkpoints("stopped", 1, 2));
    Path damaged = folder.resolve("stopped/00001-00000002/optimiser.safetensors");
    flipAByte(damaged);
    List<String> warnings = new ArrayList<>();

    try (Checkpoint checkpoint = small.newest("stopped", warnings::add)) {
      assertThat(checkpoint.position().round()).isEqualTo(1);
    }
    assertThat(warnings).singleElement().asString().contains(damaged.toString(), "damaged");
    assertThat(resume(new Log(), small.checkpoints("stopped", 1, 2))).containsExactly(undisturbed);
  }

  private static void flipAByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void damagedCheckpointsGiveWayToThoseOfTheResumedTraining() throws IOException {
    stopAfter(3, small.checkpoints("stopped", 1, 3));
    flipAByte(folder.resolve("stopped/00000-00000002/weights.safetensors"));
    flipAByte(folder.resolve("stopped/00000-00000003/weights.safetensors"));

    try (Checkpoint checkpoint = small.newest("stopped", warning -> {})) {
      stopAfter(1, small.checkpoints("stopped", 1, 1), trainer -> trainer.startFrom(checkpoint));
    }

    List<String> warnings = new ArrayList<>();
    try (Checkpoint checkpoint = small.newest("stopped", warnings::add)) {
      assertThat(checkpoint.position().round()).isEqualTo(2);
    }
    assertThat(warnings).isEmpty();
    assertThat(folder.resolve("stopped").toFile().list()).containsExactly("00000-00000002");
  }

  @Test
  void ifAllAreDamagedTheNewestIsNamed() throws IOException {
    stopAfter(1, small.checkpoints("stopped", 1, 1));
    Files.delete(folder.resolve("stopped/00000-00000001/position.json"));

    assertThatThrownBy(() -> small.newest("stopped", warning -> {}))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("00000-00000001/position.json is missing");
  }

  @Test
  void theNewestStayAndTheBestEpochsEnd() throws IOException {
    try (Stream<Path> left = Files.list(all.resolve("kept"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("00002-00000004", "00003-00000000");
    }
    assertThat(WHOLE.epochs.get(2).valid().perplexity())
        .isLessThan(WHOLE.epochs.get(1).valid().perplexity());
  }

  @Test
  void whatAKilledProcessLeftUnfinishedIsClearedAway() throws IOException {
    stopAfter(1, small.checkpoints("stopped", 1, 1));
    Path unfinished = Files.createDirectories(folder.resolve("stopped/_unfinished-1"));

    resume(new Log(), small.checkpoints("stopped", 1, 1));

    assertThat(unfinished).doesNotExist();
  }

  @Test
  void aCheckpointIsABundle() {
    stopAfter(3, small.checkpoints("stopped", 0, 1));

    try (Checkpoint checkpoint = small.newest("stopped", warning -> {});
        Bundle bundle = Bundle.read(checkpoint.directory(), new Configuration())) {
      assertThat(bundle.config()).isEqualTo(SmallTraining.MODEL);
      assertThat(bundle.weights().get("output.bias").length()).isEqualTo(40);
    }
  }

  @Test
  void aCheckpointWithoutAnAverageOfTheWeightsCannotGoOnWithOne() {
    StopRequest stop = new StopRequest();
    stop.request();
    Checkpoints checkpoints = small.checkpoints("stopped", 0, 1);
    try (Trainer trainer =
        small.trainer(WITHOUT_AVERAGE, TrainingLimits.NONE, stop, new Log(), checkpoints)) {
      trainer.train(shards, shards);
    }

    try (Checkpoint checkpoint = small.newest("stopped", warning -> {});
        Trainer trainer =
            small.trainer(PLAN, TrainingLimits.NONE, new StopRequest(), new Log(), checkpoints)) {
      assertThatThrownBy(() -> trainer.startFrom(checkpoint))
          .isInstanceOf(UserException.class)
          .hasMessageContainingAll("00000-00000000", "train.weight-average")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aStopBeforeTheFirstRoundLeavesTheStart() {
    StopRequest stop = new StopRequest();
    stop.request();
    try (Trainer trainer =
        small.trainer(
            PLAN, TrainingLimits.NONE, stop, new Log(), small.checkpoints("stopped", 0, 1))) {
      assertThat(trainer.train(shards, shards).ending()).isEqualTo(Ending.STOPPED);
    }

    try (Checkpoint checkpoint = small.newest("stopped", warning -> {})) {
      assertThat(checkpoint.position()).isEqualTo(TrainingPosition.START);
    }
  }
}
