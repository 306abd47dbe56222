package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * How much makes a minibatch: a number of pairs, or a number of story tokens ({@code <end>}
 * counted), which makes minibatches of like work however long their stories are.
 *
 * @param pairs pairs in a minibatch; ignored if {@code tokens} is above 0
 * @param tokens of the stories of a minibatch, on average over a shard at most; 0 to go by pairs
 */
public record BatchSize(int pairs, int tokens) implements Serializable {

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public BatchSize {
    if (pairs < 1 || tokens < 0) {
      throw new IllegalArgumentException(
          "train.batch must be at least 1 and train.batch-tokens at least 0, not "
              + pairs
              + " and "
              + tokens);
    }
  }

  /** Minibatches of so many pairs. */
  public static BatchSize ofPairs(int pairs) {
    return new BatchSize(pairs, 0);
  }

  /** Minibatches of so many story tokens. */
  public static BatchSize ofTokens(int tokens) {
    return new BatchSize(1, tokens);
  }

  /** How many minibatches a shard makes, the same in each epoch. */
  public int minibatches(PairShard shard) {
    if (tokens == 0) {
      return (shard.size() + pairs - 1) / pairs;
    }
    long all = total(shard);
    int longest = pairs(shard).map(pair -> weight(shard, pair)).max().orElse(1);
    // no more than that leave room for the longest story in each, so that none is empty
    return (int) Math.min((all + tokens - 1) / tokens, all / longest);
  }

  /** What a minibatch of this shard weighs. */
  double weight(PairShard shard) {
    return tokens == 0 ? pairs : (double) total(shard) / Math.max(1, minibatches(shard));
  }

  /** What a pair weighs: 1, or the tokens of its story. */
  int weight(PairShard shard, int pair) {
    return tokens == 0 ? 1 : shard.storyLength(pair) + 1;
  }

  private long total(PairShard shard) {
    return pairs(shard).mapToLong(pair -> weight(shard, pair)).sum();
  }

  private static IntStream pairs(PairShard shard) {
    return IntStream.range(0, shard.size());
  }
}
