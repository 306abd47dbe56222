package storyloom.pipeline.tune;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.UserException;
import storyloom.model.nn.kernel.MemoryShortage;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.settings.Settings;
import storyloom.pipeline.ExecutorMemory;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingResult;

/**
 * Trains a trial on to a rung, in one task: one worker, from its newest checkpoint, which any
 * executor can read, to one at the rung. It is a pure function of settings and pairs: what has
 * trained before, and where, changes no bit of it; a task that is tried again goes on from the last
 * epoch that was saved.
 *
 * @param settings {@code key=value} of all that decide a model
 * @param corpus folder of a prepared corpus of one worker
 * @param folder of the trial's checkpoints
 * @param run the name of the tuning
 * @param epochs of the trial when it has come to the rung
 * @param threads to compute with
 * @param hadoop how files are reached
 */
record TrialTask(
    List<String> settings,
    String corpus,
    String folder,
    String run,
    int epochs,
    int threads,
    SerializableConfiguration hadoop)
    implements Function<Integer, TrialTask.Outcome> {

  private static final Logger LOG = LoggerFactory.getLogger(TrialTask.class);
  private static final double NANOS = 1e9;

  /**
   * How it ended.
   *
   * @param valid losses on the validation split after each epoch, the first one first
   * @param best number of the epoch with the least of them, counted from 0
   * @param weights checkpoint with the weights of that epoch
   * @param seconds that training took, of all epochs; scoring and saving left out
   * @param taskSeconds that this task took
   * @param failure why there is nothing of all this; empty if there is
   */
  record Outcome(
      List<LossTally> valid,
      int best,
      String weights,
      double seconds,
      double taskSeconds,
      String failure)
      implements Serializable {

    static Outcome failed(String failure) {
      return new Outcome(List.of(), 0, "", 0, 0, failure);
    }
  }

  /** Nothing that is out of memory may reach Spark, which would end the executor for it. */
  @Override
  public Outcome call(Integer unused) throws InterruptedException {
    try {
      return ExecutorMemory.HERE.use(() -> train(System.nanoTime()));
    } catch (DivergedException diverged) {
      return Outcome.failed("diverged: " + diverged.getMessage());
    } catch (RuntimeException | Error failure) { // the graph is freed by now
      Optional<String> shortage = MemoryShortage.in(failure);
      if (shortage.isEmpty()) {
        throw failure;
      }
      return Outcome.failed("out of memory: " + shortage.get());
    }
  }

  private Outcome train(long started) {
    Settings all = Settings.load(Optional.empty(), settings);
    Configuration configuration = hadoop.value();
    PreparedCorpus pairs = PreparedCorpus.open(new Path(corpus), configuration);
    TrainingPlan plan = TrainingPlan.of(all, pairs.vocabulary(), 1);
    Checkpoints checkpoints =
        new Checkpoints(new Path(folder), configuration, schedule(all), metadata(all, pairs));
    try (Trainer trainer =
        Trainer.inTask(
            threads,
            plan,
            configuration,
            TrainingProgress.UNWATCHED,
            new TrainingLimits(all.integer("train.patience"), 0))) {
      trainer.saveTo(checkpoints);
      try (Checkpoint newest = newest(configuration).orElse(null)) {
        if (newest != null) {
          trainer.startFrom(newest);
        }
      }
      TrainingResult result = trainer.train(pairs.train(), pairs.valid());
      EpochReport kept = result.kept();
      return new Outcome(
          result.epochs().stream().map(EpochReport::valid).toList(),
          kept.epoch(),
          checkpoints.end(kept).toString(),
          result.epochs().stream().mapToDouble(EpochReport::seconds).sum(),
          (System.nanoTime() - started) / NANOS,
          "");
    }
  }

  /** The newest one is where the next rung goes on; that of the best epoch stays besides. */
  private static Checkpoints.Schedule schedule(Settings settings) {
    Checkpoints.Schedule own = Checkpoints.Schedule.of(settings);
    return new Checkpoints.Schedule(own.rounds(), own.minutes(), 1);
  }

  private Checkpoint.Metadata metadata(Settings all, PreparedCorpus pairs) {
    return new Checkpoint.Metadata(
        all.textSettings(),
        pairs.vocabulary(),
        TrainingProvenance.atStart(all, pairs.contents(), null, run, new TreeMap<>()));
  }

  private Optional<Checkpoint> newest(Configuration configuration) {
    try {
      return Checkpoints.readNewest(new Path(folder), configuration, LOG::warn);
    } catch (UserException damaged) {
      LOG.warn("the trial starts again, for no checkpoint is whole: {}", damaged.getMessage());
      return Optional.empty();
    }
  }
}
