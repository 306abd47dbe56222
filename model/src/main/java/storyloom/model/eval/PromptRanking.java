package storyloom.model.eval;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How often a model knows a story's own prompt from others: the prompts are put in the order of the
 * story's probability after each (Fan et al. 2018, "prompt ranking").
 *
 * @param stories how many at each place of their own prompt, the first place first; where another
 *     prompt is as likely, the story's own counts as the worse
 */
public record PromptRanking(List<Integer> stories) {

  public PromptRanking {
    stories = List.copyOf(stories);
  }

  /**
   * Counts places.
   *
   * @param places from 0 to {@link RankedStory#OTHERS}, one for each story
   */
  public static PromptRanking of(List<Integer> places) {
    Integer[] counts = new Integer[RankedStory.OTHERS + 1];
    for (int place = 0; place < counts.length; place++) {
      int wanted = place;
      counts[place] = (int) places.stream().filter(each -> each == wanted).count();
    }
    return new PromptRanking(List.of(counts));
  }

  /** Share of the stories whose own prompt came first: 0.1 by chance; NaN without stories. */
  public double accuracy() {
    return (double) stories.get(0) / stories.stream().mapToInt(Integer::intValue).sum();
  }

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
}
