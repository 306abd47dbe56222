package storyloom.jobs.train;

import java.util.ArrayList;
import java.util.List;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.ShardTotals;

/** What it means that texts were cut at their greatest lengths, in lines for people. */
public final class CutTexts {

  /** What is cut of less text than this is not worth a line. */
  private static final double LEAST_SHARE = 0.01;

  private static final String LONGEST_STORY = "text.max-story-tokens";
  private static final String LONGEST_PROMPT = "text.max-prompt-tokens";

  private CutTexts() {}

  /**
   * A line for stories and one for prompts, where the cuts cost more than a hundredth of the
   * stories' tokens or concern more than a hundredth of the prompts.
   *
   * @param train what is left of the pairs to train on
   * @param settings by which they were cut
   */
  public static List<String> lines(ShardTotals train, Settings settings) {
    List<String> lines = new ArrayList<>();
    double share = train.storyShareCut();
    if (share > LEAST_SHARE) {
      lines.add(
          "%.1f %% of all story tokens lie beyond %s=%s and are not learned from (%,d of %,d stories are cut, the mean one has %,d tokens): raise it as far as memory and time of a step allow, or set text.long-stories=windows; whole stories take %.1f times the time"
              .formatted(
                  100 * share,
                  LONGEST_STORY,
                  settings.text(LONGEST_STORY),
                  train.storiesCut(),
                  train.pairs(),
                  Math.round(train.meanWholeStory()),
                  1 / (1 - share)));
    }
    if (train.promptsCut() > LEAST_SHARE * train.pairs()) {
      lines.add(
          "%.1f %% of the prompts are cut at %s=%s, and generate rejects such prompts: raise it; longer prompts take more memory and time as well"
              .formatted(
                  100.0 * train.promptsCut() / train.pairs(),
                  LONGEST_PROMPT,
                  settings.text(LONGEST_PROMPT)));
    }
    return lines;
  }
}
