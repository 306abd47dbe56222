package storyloom.jobs.train;

import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.JobFailure;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.process.StopSignals;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingResult;
import storyloom.pipeline.train.plan.TrainingResult.Ending;

/** Trains a run to its end, reports to people and files how it goes, and writes its model. */
public final class Training {

  private final ClusterSession cluster;
  private final Path models;

  /**
   * @param models where the model's bundle shall stand
   */
  public Training(ClusterSession cluster, Path models) {
    this.cluster = cluster;
    this.models = models;
  }

  /**
   * A training that came to its end.
   *
   * @param version of its model, which nobody uses yet
   * @param result how it ended
   * @param metrics as they stand in the model's provenance
   */
  public record Ended(String version, TrainingResult result, SortedMap<String, Double> metrics) {}

  /**
   * Trains.
   *
   * @param watcher gets the reports besides people and files, after them
   * @return empty if somebody has stopped it; it can be resumed then
   * @throws JobFailure if the loss is not finite any more
   */
  public Optional<Ended> train(TrainingStart start, TrainingProgress watcher) {
    Settings settings = start.settings();
    TrainingSettings training = new TrainingSettings(settings);
    Checkpoint.Metadata text = start.text();
    TrainingRun run = start.run();
    TrainingPlan plan = training.plan(text.vocabulary(), text.provenance().workers());
    TrainingPosition position =
        start.checkpoint().map(Checkpoint::position).orElse(TrainingPosition.START);
    cluster.requireRoom(training.memory(plan));
    StopRequest stop = new StopRequest();
    say(Placement.of(cluster.context(), plan.workers()));
    ConsoleProgress console = ConsoleProgress.of(plan.epochs());
    try (MetricsLog log =
            new MetricsLog(run.reports(), cluster.hadoop(), position.epoch(), position.round());
        Trainer trainer =
            new Trainer(
                cluster.context(),
                plan,
                cluster.hadoop(),
                log.andThen(console).andThen(watcher),
                training.limits(),
                stop)) {
      trainer.saveTo(
          new Checkpoints(run.checkpoints(), cluster.hadoop(), training.checkpoints(), text)
              .andBefore(log::settle));
      start
          .checkpoint()
          .ifPresentOrElse(
              trainer::startFrom, () -> start.parent().weights().ifPresent(trainer::startWith));
      TrainingResult result;
      try (console; // gone before the result is shown
          StopSignals signals = new StopSignals(() -> saveAndStop(stop))) {
        result = trainer.train(start.corpus().train(), start.corpus().valid());
      }
      return result.ending() == Ending.STOPPED
          ? Optional.empty()
          : Optional.of(write(start, trainer, result));
    } catch (DivergedException diverged) {
      throw new JobFailure(diverged.getMessage());
    }
  }

  private static void say(Placement placement) {
    Console.say(
        "%s, %d at a time on %s, with %s each",
        count(placement.workers(), "worker"),
        placement.tasks(),
        count(placement.slots(), "task slot"),
        count(placement.threads(), "thread"));
    if (placement.idleCores() > 0) {
      Console.say(
          "%s idle: train.workers=%d, or a multiple of it, would use all, and train another model",
          count(placement.idleCores(), "core"), placement.slots());
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static void saveAndStop(StopRequest stop) {
    Console.remark("stopping: saving a checkpoint …");
    stop.request();
  }

  private Ended write(TrainingStart start, Trainer trainer, TrainingResult result) {
    Checkpoint.Metadata text = start.text();
    long keptRounds =
        MetricsLog.read(start.run().reports(), cluster.hadoop())
            .roundsUntil(result.kept().epoch() + 1);
    Provenance provenance =
        TrainingProvenance.atEnd(text.provenance(), start.settings(), result, keptRounds);
    String version =
        Bundle.write(
            models,
            cluster.hadoop(),
            trainer.model().config(),
            text.settings(),
            text.vocabulary(),
            trainer.model().weights(),
            provenance);
    return new Ended(version, result, provenance.metrics());
  }
}
