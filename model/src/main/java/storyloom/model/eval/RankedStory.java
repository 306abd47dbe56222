package storyloom.model.eval;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A story and the prompts that a model has to tell its own from.
 *
 * @param prompts ids, at least one token each; the first is the story's own, no other equals it
 * @param story ids, without markers
 */
public record RankedStory(List<int[]> prompts, int[] story) implements Serializable {

  /** Other prompts that a story's own stands among, as Fan et al. (2018) have it. */
  public static final int OTHERS = 9;

  /** Draws, for each other prompt, before a sample is taken to have too few different ones. */
  private static final int PATIENCE = 100;

  public RankedStory {
    prompts = List.copyOf(prompts);
  }

  /**
   * The story of a pair among {@link #OTHERS} prompts that are drawn from a sample.
   *
   * @param sample pairs with a token in each prompt
   * @param at which of them; what is drawn depends on it and on the sample alone
   * @return empty if the sample has too few prompts that differ from the story's own
   */
  public static Optional<RankedStory> draw(List<ReferencePair> sample, int at) {
    ReferencePair own = sample.get(at);
    SplittableRandom random = new SplittableRandom(at);
    List<int[]> prompts = new ArrayList<>();
    prompts.add(own.prompt());
    for (int draws = 0; prompts.size() <= OTHERS; draws++) {
      if (draws == PATIENCE * OTHERS) {
        return Optional.empty();
      }
      int[] other = sample.get(random.nextInt(sample.size())).prompt();
      if (prompts.stream().noneMatch(taken -> Arrays.equals(taken, other))) {
        prompts.add(other);
      }
    }
    return Optional.of(new RankedStory(prompts, own.story()));
  }
}
