package storyloom.jobs.tracking;

import java.time.Duration;
import java.util.Optional;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.train.TrainingStart;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Reports a run to a tracking server while it goes on. A run that is closed without a word on how
 * it ended has failed. Nothing here ever throws, or waits for long: a run does not depend on who
 * watches it.
 */
public interface ExperimentTracker extends TrainingProgress, AutoCloseable {

  /** How long the server may take for an answer. */
  Duration PATIENCE = Duration.ofSeconds(30);

  /** Reports nothing. */
  ExperimentTracker NONE =
      new ExperimentTracker() {
        @Override
        public void roundDone(RoundReport report) {}

        @Override
        public void epochDone(EpochReport report) {}

        @Override
        public void stopped() {}

        @Override
        public void decided(String version, Promotion.Decision decision) {}

        @Override
        public void close() {}
      };

  /**
   * The tracker that the run's settings ask for, if any.
   *
   * @throws storyloom.model.UserException of usage if they name it wrongly
   */
  static ExperimentTracker of(TrainingStart start) {
    Settings settings = start.settings();
    Optional<MlflowTracking.Server> server = MlflowTracking.Server.of(settings);
    return server
        .<ExperimentTracker>map(
            named ->
                new MlflowTracking(
                    named.uri(),
                    new MlflowRun(
                        named,
                        start.text().provenance(),
                        Settings.recorded(settings.changed()),
                        start.checkpoint().isPresent()),
                    PATIENCE))
        .orElse(NONE);
  }

  /**
   * Sees to it that {@link #of} will not refuse these settings.
   *
   * @throws storyloom.model.UserException of usage if they name a server wrongly
   */
  static void requireUsable(Settings settings) {
    MlflowTracking.Server.of(settings);
  }

  /** Somebody has stopped the run; it can be resumed. */
  void stopped();

  /**
   * The run has come to its end.
   *
   * @param version of its model
   * @param decision what became of that
   */
  void decided(String version, Promotion.Decision decision);

  @Override
  void close();
}
