package storyloom.pipeline.train.plan;

import storyloom.model.nn.loss.LossTally;

/**
 * How an epoch ended.
 *
 * @param epoch counted from 0
 * @param train loss and accuracy while training, with dropout, each minibatch before its update
 * @param valid loss and accuracy of the averaged weights on the validation split
 * @param seconds of training, scoring left out
 */
public record EpochReport(int epoch, LossTally train, LossTally valid, double seconds) {}
