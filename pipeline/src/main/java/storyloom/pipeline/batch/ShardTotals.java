package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * What shards hold.
 *
 * @param pairs number of pairs
 * @param promptTokens number of ids of all prompts
 * @param storyTokens number of ids of all stories, {@code <end>} not counted
 */
public record ShardTotals(long pairs, long promptTokens, long storyTokens) implements Serializable {

  static final ShardTotals NOTHING = new ShardTotals(0, 0, 0);

  /** What one shard holds. */
  static ShardTotals of(PairShard shard) {
    IntStream pairs = IntStream.range(0, shard.size());
    long prompts = pairs.mapToLong(shard::promptLength).sum();
    return new ShardTotals(shard.size(), prompts, shard.ids() - prompts);
  }

  ShardTotals plus(ShardTotals other) {
    return new ShardTotals(
        pairs + other.pairs, promptTokens + other.promptTokens, storyTokens + other.storyTokens);
  }
}
