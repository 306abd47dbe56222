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
 * Keeps book of a run elsewhere while it goes on. A run that is closed without a word on how it
 * ended has failed. Nothing here ever throws, or waits for long: a run does not depend on its book.
 */
public interface ExperimentTracker extends TrainingProgress, AutoCloseable {

  /** How long whoever keeps the book may take. */
  Duration PATIENCE = Duration.ofSeconds(30);

  /** Keeps no book. */
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
   * The book that the run's settings ask for, if any.
   *
   * @throws storyloom.model.UserException of usage if they name it wrongly
   */
  static ExperimentTracker of(TrainingStart start) {
    Settings settings = start.settings();
    Optional<MlflowServer> server = MlflowServer.of(settings);
    return server
        .<ExperimentTracker>map(
            named ->
                new MlflowTracking(
                    named.uri(),
                    new MlflowRun(
                        named,
                        start.text().provenance(),
                        settings.changed(),
                        start.checkpoint().isPresent()),
                    PATIENCE))
        .orElse(NONE);
  }

  /** Somebody has stopped the run; it can be gone on with. */
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
