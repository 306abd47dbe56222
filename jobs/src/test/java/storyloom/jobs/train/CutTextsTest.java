package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.ShardTotals;

class CutTextsTest {

  private static final int PAIRS = 1000;
  private static final Settings SETTINGS = Settings.defaults();

  /** Of a thousand pairs with 270,000 story tokens in all. */
  private static ShardTotals cut(long prompts, long stories, long storyTokens) {
    return new ShardTotals(PAIRS, 20_000, 270_000 - storyTokens, prompts, stories, storyTokens, 0);
  }

  @Test
  void storiesThatLoseMuchNameTheSettingAndWhatItCosts() {
    assertThat(CutTexts.lines(cut(0, 800, 180_000), SETTINGS))
        .singleElement()
        .asString()
        .startsWith("66.7 % of all story tokens lie beyond text.max-story-tokens=200 ")
        .contains("(800 of 1,000 stories are cut, the mean one has 270 tokens)")
        .contains("memory and time of a step allow, or set text.long-stories=windows;")
        .endsWith("whole stories take 3.0 times the time");
  }

  @Test
  void promptsThatAreCutNameTheirOwnSetting() {
    assertThat(CutTexts.lines(cut(25, 0, 0), SETTINGS))
        .singleElement()
        .asString()
        .startsWith("2.5 % of the prompts are cut at text.max-prompt-tokens=64");
  }

  @Test
  void whatIsHardlyCutIsNotWorthALine() {
    assertThat(CutTexts.lines(cut(10, 30, 2_700), SETTINGS)).isEmpty();
    assertThat(CutTexts.lines(cut(11, 30, 2_701), SETTINGS)).hasSize(2);
  }
}
