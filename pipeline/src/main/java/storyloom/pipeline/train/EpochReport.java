package storyloom.pipeline.train;

import storyloom.model.nn.kernel.TokenTally;

/**
 * How an epoch ended.
 *
 * @param epoch counted from 0
 * @param train loss and accuracy while training, with dropout, each minibatch before its update
 * @param valid loss and accuracy of the averaged weights on the validation split
 * @param seconds of training, scoring left out
 */
public record EpochReport(int epoch, TokenTally train, TokenTally valid, double seconds) {}
