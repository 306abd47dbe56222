package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.stream.IntStream;
import storyloom.model.UserException;

/**
 * How much makes a minibatch: a number of pairs, or a number of story tokens ({@code <end>}
 * counted), which makes minibatches of like work however long their stories are. Workers that train
 * side by side share it: each takes its part of every minibatch.
 *
 * @param pairs pairs in a minibatch; ignored if {@code tokens} is above 0
 * @param tokens of the stories of a minibatch, on average at most; 0 to go by pairs
 * @param workers W, who share the minibatch; a worker's part need not be a whole number of pairs on
 *     average
 * @param tokensAtOnce of a story that an update learns from, {@code <end>} not counted; of a longer
 *     one, a minibatch is several updates, and it weighs as much as its first window
 */
public record BatchSize(int pairs, int tokens, int workers, int tokensAtOnce)
    implements Serializable {

  /**
   * @throws UserException if a number is too small, or there are more workers than pairs or tokens
   *     to share; the message names the key
   */
  public BatchSize {
    if (pairs < 1 || tokens < 0 || workers < 1 || tokensAtOnce < 1) {
      throw UserException.usage(
          "train.batch and train.workers must be at least 1 and train.batch-tokens at least 0, not %d, %d and %d"
              .formatted(pairs, workers, tokens));
    }
    if ((tokens == 0 ? pairs : tokens) < workers) {
      throw UserException.usage(
          "%s=%d is less than one for each of %d workers: set it higher, or train.workers lower"
              .formatted(
                  tokens == 0 ? "train.batch" : "train.batch-tokens",
                  tokens == 0 ? pairs : tokens,
                  workers));
    }
  }

  /** Of one worker, and whole stories. */
  public BatchSize(int pairs, int tokens) {
    this(pairs, tokens, 1, Integer.MAX_VALUE);
  }

  /** Minibatches of so many pairs, of one worker. */
  public static BatchSize ofPairs(int pairs) {
    return new BatchSize(pairs, 0);
  }

  /** Minibatches of so many story tokens, of one worker. */
  public static BatchSize ofTokens(int tokens) {
    return new BatchSize(1, tokens);
  }

  /** The same minibatches, shared by so many workers. */
  public BatchSize sharedBy(int workers) {
    return new BatchSize(pairs, tokens, workers, tokensAtOnce);
  }

  /** The same minibatches, of which an update learns from so many tokens of a story. */
  public BatchSize inWindows(int ofTokens) {
    return new BatchSize(pairs, tokens, workers, ofTokens);
  }

  /** How many minibatches a worker's shard takes part in, the same in each epoch. */
  public int minibatches(PairShard shard) {
    double share = (double) (tokens == 0 ? pairs : tokens) / workers;
    if (tokens == 0) {
      // as EpochPlan cuts them: a pair is in the minibatch that its middle falls into
      return shard.size() == 0 ? 0 : (int) ((shard.size() - 0.5) / share) + 1;
    }
    long all = total(shard);
    int longest = pairs(shard).map(pair -> weight(shard, pair)).max().orElse(1);
    // no more than that leave room for the longest story in each, so that none is empty
    return (int) Math.min(Math.ceil(all / share), all / longest);
  }

  /** What a worker's part of a minibatch weighs in this shard. */
  double weight(PairShard shard) {
    return tokens == 0
        ? (double) pairs / workers
        : (double) total(shard) / Math.max(1, minibatches(shard));
  }

  /** What a pair weighs: 1, or the tokens of its story that an update learns from. */
  int weight(PairShard shard, int pair) {
    return tokens == 0 ? 1 : Math.min(shard.storyLength(pair), tokensAtOnce) + 1;
  }

  private long total(PairShard shard) {
    return pairs(shard).mapToLong(pair -> weight(shard, pair)).sum();
  }

  private static IntStream pairs(PairShard shard) {
    return IntStream.range(0, shard.size());
  }
}
