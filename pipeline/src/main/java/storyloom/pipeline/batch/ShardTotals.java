package storyloom.pipeline.batch;

import java.io.Serializable;

/**
 * What shards hold, and what was cut off before.
 *
 * @param pairs number of pairs
 * @param promptTokens number of ids of all prompts
 * @param storyTokens number of ids of all stories, {@code <end>} not counted
 * @param promptsCut prompts of those that were longer than {@code text.max-prompt-tokens}
 * @param storiesCut stories of those that were longer than {@code text.max-story-tokens}
 * @param storyTokensCut tokens that these stories lost
 * @param unknownTokens ids of prompts and stories that are of no token of the vocabulary
 */
public record ShardTotals(
    long pairs,
    long promptTokens,
    long storyTokens,
    long promptsCut,
    long storiesCut,
    long storyTokensCut,
    long unknownTokens)
    implements Serializable {

  static final ShardTotals NOTHING = new ShardTotals(0, 0, 0, 0, 0, 0, 0);

  /** What one pair adds. */
  static ShardTotals of(EncodedPair pair) {
    return new ShardTotals(
        1,
        pair.prompt().length,
        pair.story().length,
        pair.promptCut() > 0 ? 1 : 0,
        pair.storyCut() > 0 ? 1 : 0,
        pair.storyCut(),
        pair.unknown());
  }

  ShardTotals plus(ShardTotals other) {
    return new ShardTotals(
        pairs + other.pairs,
        promptTokens + other.promptTokens,
        storyTokens + other.storyTokens,
        promptsCut + other.promptsCut,
        storiesCut + other.storiesCut,
        storyTokensCut + other.storyTokensCut,
        unknownTokens + other.unknownTokens);
  }

  /** Share of the stories' tokens that was cut off. */
  public double storyShareCut() {
    return pairs == 0 ? 0 : (double) storyTokensCut / (storyTokens + storyTokensCut);
  }

  /** Mean length of the stories before any was cut; 0 if there are none. Unit: tokens. */
  public double meanWholeStory() {
    return pairs == 0 ? 0 : (double) (storyTokens + storyTokensCut) / pairs;
  }

  /** Number of ids of all prompts and stories. */
  public long tokens() {
    return promptTokens + storyTokens;
  }

  /** Share of the ids that stand for a token of the vocabulary. */
  public double shareKnown() {
    return tokens() == 0 ? 1 : 1 - (double) unknownTokens / tokens();
  }
}
