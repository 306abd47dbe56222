package storyloom.pipeline.train.plan;

import storyloom.model.nn.loss.LossTally;

/**
 * What a round of averaging did.
 *
 * @param epoch counted from 0
 * @param round within the epoch, counted from 0
 * @param rounds in each epoch
 * @param tally loss and accuracy of all workers' minibatches, each before its update
 * @param times where its time went
 * @param learningRate of the round's last update
 * @param gradientNorm largest of the workers' last gradients' norms, before clipping
 */
public record RoundReport(
    int epoch,
    int round,
    int rounds,
    LossTally tally,
    RoundTimes times,
    double learningRate,
    double gradientNorm) {

  /** From broadcast to averaged weights. */
  public double seconds() {
    return times.total();
  }

  /** Target tokens trained on in a second, by all workers together. */
  public double tokensPerSecond() {
    return tally.tokens() / seconds();
  }
}
