package storyloom.pipeline.corpus;

import java.util.Optional;
import java.util.Set;
import storyloom.pipeline.corpus.read.PairRule;

/**
 * Drops from train the pairs whose story stands in valid or test, and those that repeat a pair or a
 * story. Pairs come sorted by the number of their stories, those of other splits than train first,
 * equal ones of train together. Of equal stories the one whose pair has the least hash is kept.
 */
final class StoryJudge implements Judge {

  private final Set<PairRule> drops;
  private boolean shared;
  private long sharedStory;
  private CleanPair former;

  /**
   * @param drops rules that are on
   */
  StoryJudge(Set<PairRule> drops) {
    this.drops = drops;
  }

  @Override
  public Optional<PairRule> verdict(CleanPair pair) {
    if (!pair.train()) {
      shared = true;
      sharedStory = pair.story();
      return Optional.empty();
    }
    CleanPair before = former;
    former = pair;
    if (shared && pair.story() == sharedStory && drops.contains(PairRule.SHARED_STORY)) {
      return Optional.of(PairRule.SHARED_STORY);
    }
    if (before == null || before.story() != pair.story()) {
      return Optional.empty();
    }
    PairRule rule =
        before.hash().equals(pair.hash()) ? PairRule.DUPLICATE_PAIR : PairRule.DUPLICATE_STORY;
    return Optional.of(rule).filter(drops::contains);
  }
}
