package storyloom.pipeline.train.plan;

import java.io.Serializable;
import storyloom.model.UserException;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.LearningRate.Schedule;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.BatchSize;

/**
 * All that decides the weights a training ends in, besides the pairs; the executors get a copy.
 *
 * @param model the network's sizes
 * @param optimisation learning rate, clipping, label smoothing, seed
 * @param outer how the workers' mean becomes the new state at the end of a round
 * @param epochs passes over the pairs
 * @param batch the minibatch that all workers together take a step, shared by them
 * @param frequency steps between two averagings
 * @param workers that train side by side, each on a shard of the pairs of its own
 */
public record TrainingPlan(
    Seq2SeqConfig model,
    Optimisation optimisation,
    OuterSettings outer,
    int epochs,
    BatchSize batch,
    int frequency,
    int workers)
    implements Serializable {

  /**
   * @throws UserException if the model cannot be trained by this optimisation, or a minibatch is
   *     too small to be shared by so many workers
   */
  public TrainingPlan {
    batch = batch.sharedBy(workers);
    optimisation.requireFit(model);
  }

  /**
   * What the settings say.
   *
   * @param vocabulary V
   * @param workers splits of the pairs that are trained on side by side
   * @throws UserException of usage if two settings exclude each other
   */
  public static TrainingPlan of(Settings settings, int vocabulary, int workers) {
    return of(settings, Seq2SeqConfig.of(settings, vocabulary), workers);
  }

  /**
   * What the settings say where the vocabulary is known, of which a model that copies leaves out
   * the marks.
   *
   * @throws UserException of usage if two settings exclude each other
   */
  public static TrainingPlan of(Settings settings, Vocabulary vocabulary, int workers) {
    Seq2SeqConfig model = Seq2SeqConfig.of(settings, vocabulary.size());
    return of(settings, model.copyingAllBut(vocabulary.marks()), workers);
  }

  private static TrainingPlan of(Settings settings, Seq2SeqConfig model, int workers) {
    return new TrainingPlan(
        model,
        optimisation(settings),
        OuterSettings.of(settings),
        settings.integer("train.epochs"),
        batch(settings),
        settings.integer("train.averaging-frequency"),
        workers);
  }

  /** The minibatch of all workers that the settings say. */
  public static BatchSize batch(Settings settings) {
    return new BatchSize(settings.integer("train.batch"), settings.integer("train.batch-tokens"))
        .inWindows(settings.textSettings().tokensAtOnce());
  }

  /**
   * How many workers the settings say.
   *
   * @param slots what {@code train.workers = slots} takes
   */
  public static int workers(Settings settings, int slots) {
    String workers = settings.text("train.workers");
    return workers.equals("slots") || workers.equals("0") ? slots : Integer.parseInt(workers);
  }

  private static Optimisation optimisation(Settings settings) {
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

  /** With plain averaging, and {@code batch} pairs in a minibatch of all workers. */
  public TrainingPlan(
      Seq2SeqConfig model,
      Optimisation optimisation,
      int epochs,
      int batch,
      int frequency,
      int workers) {
    this(
        model,
        optimisation,
        OuterSettings.AVERAGE,
        epochs,
        BatchSize.ofPairs(batch),
        frequency,
        workers);
  }
}
