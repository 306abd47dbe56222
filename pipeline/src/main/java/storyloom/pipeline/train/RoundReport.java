package storyloom.pipeline.train;

import storyloom.model.nn.kernel.TokenTally;

/**
 * What a round of averaging did.
 *
 * @param epoch counted from 0
 * @param round within the epoch, counted from 0
 * @param rounds in each epoch
 * @param tally loss and accuracy of all workers' minibatches, each before its update
 * @param seconds from broadcast to averaged weights
 * @param computeSeconds of the slowest worker's training within that
 * @param learningRate of the round's last update
 */
public record RoundReport(
    int epoch,
    int round,
    int rounds,
    TokenTally tally,
    double seconds,
    double computeSeconds,
    double learningRate) {

  /** Target tokens trained on in a second, by all workers together. */
  public double tokensPerSecond() {
    return tally.tokens() / seconds;
  }
}
