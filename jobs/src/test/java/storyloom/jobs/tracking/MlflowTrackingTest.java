package storyloom.jobs.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import storyloom.jobs.Commands;
import storyloom.jobs.Rounds;
import storyloom.jobs.TrackingServer;
import storyloom.jobs.cli.SparkLog;
import storyloom.jobs.gate.GateDecision;
import storyloom.jobs.gate.Promotion;
import storyloom.model.bundle.Provenance;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

/** A run is reported to a server that may be there, gone, broken or silent. */
final class MlflowTrackingTest {

  private static final String NAME = "20260101T000000-0000000a";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofSeconds(1);

  private TrackingServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TrackingServer();
    SparkLog.quieten(false);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MlflowTracking tracking(Duration patience, boolean resumed) {
    Settings settings =
        Settings.defaults().with("train.mlflow-uri", server.uri()).with("train.epochs", "3");
    Provenance provenance =
        new Provenance(
            "c0",
            "f0",
            1,
            2,
            new TreeMap<>(),
            "abc",
            Instant.EPOCH,
            null,
            NAME,
            new TreeMap<>(),
            settings.all(),
            new TreeMap<>());
    MlflowRun run =
        new MlflowRun(
            MlflowTracking.Server.of(settings).orElseThrow(),
            provenance,
            settings.changed(),
            resumed);
    return new MlflowTracking(server.uri(), run, patience);
  }

  private static EpochReport epoch(int epoch, double nll) {
    return new EpochReport(epoch, new LossTally(nll, 10, 5), new LossTally(nll, 10, 1), 9);
  }

  private static List<String> warnings(Runnable action) {
    return Commands.run(
            arguments -> {
              action.run();
              return 0;
            })
        .err();
  }

  @Test
  void aRunIsMadeInItsExperimentWithTheSettingsThatSomebodyChanged() {
    tracking(LONG, false).close();

    assertThat(server.experiments()).containsExactly("storyloom");
    TrackingServer.Run run = server.run();
    assertThat(run.name).isEqualTo(NAME);
    assertThat(run.params).containsOnlyKeys("train.mlflow-uri", "train.epochs");
    assertThat(run.params).containsEntry("train.epochs", "3");
    assertThat(run.tags)
        .containsEntry("storyloom.run", NAME)
        .containsEntry("storyloom.corpus", "c0")
        .containsEntry("mlflow.source.git.commit", "abc")
        .doesNotContainKey("storyloom.parent");
  }

  @Test
  void allEpochsAndAFewRoundsAreReported() {
    try (MlflowTracking tracking = tracking(LONG, false)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        for (int round = 0; round < 250; round++) {
          tracking.roundDone(Rounds.round(epoch, round, 250, 4));
        }
        tracking.epochDone(epoch(epoch, 10 * Math.log(4 - epoch)));
      }
    }

    TrackingServer.Run run = server.run();
    assertThat(run.metrics.get("valid_perplexity"))
        .extracting(TrackingServer.Point::step)
        .containsExactly(1L, 2L);
    assertThat(run.metrics.get("valid_perplexity").get(1).value()).isBetween(2.9999, 3.0001);
    assertThat(run.metrics).containsKeys("train_loss", "train_accuracy", "valid_accuracy");
    List<TrackingServer.Point> losses = run.metrics.get("round_loss");
    assertThat(losses).hasSizeBetween(100, 2 * MlflowTracking.MOST_ROUNDS);
    assertThat(losses).extracting(TrackingServer.Point::step).isSorted().endsWith(500L);
    assertThat(losses).allMatch(point -> point.value() == 2);
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    try (MlflowTracking tracking = tracking(LONG, false)) {
      tracking.epochDone(epoch(0, Double.NaN));
    }

    assertThat(server.run().metrics).containsOnlyKeys("train_accuracy", "valid_accuracy");
  }

  @Test
  void aPromotionIsFinishedWithItsVersion() {
    try (MlflowTracking tracking = tracking(LONG, false)) {
      tracking.decided("v1", decision(true));
    }

    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(server.run().tags)
        .containsEntry("storyloom.model", "v1")
        .containsEntry("storyloom.verdict", "promoted")
        .doesNotContainKey("storyloom.reason");
  }

  @Test
  void aRefusalIsFinishedWithItsReason() {
    try (MlflowTracking tracking = tracking(LONG, false)) {
      tracking.decided("v1", decision(false));
    }

    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(server.run().tags)
        .containsEntry("storyloom.verdict", "refused")
        .containsEntry("storyloom.reason", "repetition is much, must be little");
  }

  private static Promotion.Decision decision(boolean passed) {
    GateDecision decision =
        new GateDecision(
            List.of(new GateDecision.Check("repetition", "much", "-", "little", passed)));
    return new Promotion.Decision(decision, Optional.empty(), Optional.empty());
  }

  @Test
  void aRunThatSaysNothingOfItsEndHasFailed() {
    tracking(LONG, false).close();

    assertThat(server.run().status).isEqualTo("FAILED");
  }

  @Test
  void aRunThatIsGoneOnWithIsTheSameThere() {
    try (MlflowTracking tracking = tracking(LONG, false)) {
      tracking.epochDone(epoch(0, 20));
      tracking.stopped();
    }
    assertThat(server.run().status).isEqualTo("KILLED");

    try (MlflowTracking tracking = tracking(LONG, true)) {
      tracking.epochDone(epoch(1, 10));
      tracking.decided("v1", decision(true));
    }

    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(server.run().metrics.get("valid_loss"))
        .containsExactly(new TrackingServer.Point(1, 2), new TrackingServer.Point(2, 1));
  }

  @Test
  void aRunThatIsNotKnownThereIsMadeWhenItIsGoneOnWith() {
    tracking(LONG, true).close();

    assertThat(server.run().name).isEqualTo(NAME);
  }

  @Test
  void aServerThatIsGoneIsAWarningAndNoMore() {
    server.close();

    List<String> said = saidInATrainingOfAnEpoch();

    assertSoleWarning(said, "MLflow at " + server.uri(), "does not get to know all of this run");
  }

  @Test
  void aServerThatIsBrokenIsAskedAgainAndTheRestIsTold() {
    server.breakDownFor(3); // MLflow's client asks three times

    List<String> said = saidInATrainingOfAnEpoch();

    assertSoleWarning(said, "500");
    assertThat(server.run().params).containsKey("train.epochs");
    assertThat(server.run().metrics).containsKey("valid_loss");
    assertThat(server.run().status).isEqualTo("FINISHED");
  }

  @Test
  void aServerThatFallsSilentIsWaitedForOnceAndNotLong() {
    server.fallSilent();

    List<String> said =
        assertTimeoutPreemptively(
            LONG.dividedBy(2),
            () ->
                warnings(
                    () -> {
                      try (MlflowTracking tracking = tracking(SHORT, false)) {
                        for (int round = 0; round < 100; round++) {
                          tracking.roundDone(Rounds.round(0, round, 100, 4));
                        }
                      }
                    }));

    assertSoleWarning(said, "it has not answered for 1 seconds");
  }

  private List<String> saidInATrainingOfAnEpoch() {
    return warnings(
        () -> {
          try (MlflowTracking tracking = tracking(LONG, false)) {
            tracking.epochDone(epoch(0, 20));
            tracking.decided("v1", decision(true));
          }
        });
  }

  private static void assertSoleWarning(List<String> said, String... parts) {
    assertThat(said)
        .filteredOn(line -> line.startsWith("warning: "))
        .singleElement()
        .asString()
        .contains(parts);
  }
}
