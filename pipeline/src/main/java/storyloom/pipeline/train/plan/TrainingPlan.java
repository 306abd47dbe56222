package storyloom.pipeline.train.plan;

import java.io.Serializable;
import storyloom.model.UserException;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
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
