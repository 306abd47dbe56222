package storyloom.model.eval;

import java.util.List;

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
}
