package storyloom.jobs.train;

import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.LearningRate.Schedule;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.OuterSettings;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;

/** What the settings say of a training, as the trainer takes it. */
public final class TrainingSettings {

  private final Settings settings;

  /** Reads these settings. */
  public TrainingSettings(Settings settings) {
    this.settings = settings;
  }

  /**
   * All that decides the weights, besides the pairs.
   *
   * @param vocabulary V
   * @param workers parts of the pairs that are trained on side by side
   * @throws storyloom.model.UserException of usage if two settings exclude each other
   */
  public TrainingPlan plan(int vocabulary, int workers) {
    return new TrainingPlan(
        Seq2SeqConfig.of(settings, vocabulary),
        optimisation(),
        outer(),
        settings.integer("train.epochs"),
        new BatchSize(settings.integer("train.batch"), settings.integer("train.batch-tokens")),
        settings.integer("train.averaging-frequency"),
        workers);
  }

  private Optimisation optimisation() {
    return new Optimisation(
        new LearningRate(
            Schedule.of(settings.text("train.schedule")),
            settings.number("train.learning-rate"),
            settings.integer("train.warm-up"),
            settings.number("train.plateau-improvement")),
        settings.number("train.clip"),
        settings.number("train.label-smoothing"),
        settings.whole("train.seed"),
        settings.flag("train.bfloat16"));
  }

  private OuterSettings outer() {
    return new OuterSettings(
        OuterSettings.Kind.of(settings.text("train.outer-step")),
        settings.number("train.outer-momentum"),
        settings.number("train.outer-rate"),
        settings.integer("train.outer-warm-up"));
  }

  TrainingLimits limits() {
    return new TrainingLimits(
        settings.integer("train.patience"), settings.number("train.max-minutes"));
  }

  Checkpoints.Schedule checkpoints() {
    return new Checkpoints.Schedule(
        settings.integer("train.checkpoint-rounds"),
        settings.number("train.checkpoint-minutes"),
        settings.integer("train.checkpoints-kept"));
  }
}
