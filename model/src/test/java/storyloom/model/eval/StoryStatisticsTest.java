package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoryStatisticsTest {

  private static StoryStatistics of(String... stories) {
    return StoryStatistics.of(List.of(stories), List.of(stories));
  }

  @Test
  void differentWordsAreCountedOverAllStories() {
    StoryStatistics statistics = of("The fox ran. The fox!", "A fox ran.");

    // the fox ran the fox | a fox ran
    assertThat(statistics.stories()).isEqualTo(2);
    assertThat(statistics.wordsPerStory()).isEqualTo(4);
    assertThat(statistics.distinct1()).isEqualTo(4 / 8.0);
    // the fox, fox ran, ran the, the fox | a fox, fox ran
    assertThat(statistics.distinct2()).isEqualTo(4 / 6.0);
    assertThat(statistics.distinct3()).isEqualTo(4 / 4.0);
  }

  @Test
  void fourWordsInARowRepeatWithinAStoryAlone() {
    assertThat(of("a b c d a b c d", "a b c d").repeatedFourGrams())
        .isCloseTo(1 / 6.0, within(1e-12));
    assertThat(of("no no no no no no").repeatedFourGrams()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(of("too short").repeatedFourGrams()).isNaN();
  }

  @Test
  void wordsOfThePromptAreLookedForInItsStoryAndInAnother() {
    StoryStatistics statistics =
        StoryStatistics.of(
            List.of("The old wizard's tower", "A Dragon wakes"),
            List.of("In his TOWER the wizard's cat met a dragon", "Nobody wakes the dragon"));

    // wizard's, tower; dragon, wakes
    assertThat(statistics.promptWords()).isEqualTo(4 / 4.0);
    assertThat(statistics.otherPromptWords()).isEqualTo(1 / 4.0);
  }

  private static double personKept(String prompt, String story) {
    return StoryStatistics.of(List.of(prompt), List.of(story)).personKept();
  }

  @Test
  void aStoryKeepsThePersonThatMostPronounsOfItsPromptAreOf() {
    assertThat(personKept("I lost my keys.", "I'm sad. He found them for me.")).isEqualTo(1);
    assertThat(personKept("Ken left his girlfriend.", "She cried, and he called her."))
        .isEqualTo(0);
    assertThat(personKept("Ken left his girlfriend.", "He cried. She left.")).isEqualTo(1);
    assertThat(personKept("She met him, and she liked him.", "She’d call.")).isEqualTo(1);
    assertThat(personKept("They won.", "The team won.")).isEqualTo(0);
  }

  @Test
  void aPromptWithoutAPronounSaysNothingOfThePerson() {
    assertThat(personKept("Ken went home.", "He slept.")).isNaN();
    assertThat(
            StoryStatistics.of(List.of("Ken ran.", "I ran."), List.of("He ran.", "He ran."))
                .personKept())
        .isZero();
  }

  @Test
  void wordsKeepTheirApostrophesAndLoseTheirMarks() {
    assertThat(StoryStatistics.words("Don’t \"stop\" - it's 3 o'clock, naïve Ωmega…"))
        .containsExactly("don’t", "stop", "it's", "3", "o'clock", "naïve", "ωmega");
  }

  @Test
  void everyStoryNeedsItsPrompt() {
    assertThatThrownBy(() -> StoryStatistics.of(List.of("one"), List.of()))
        .hasMessage("1 prompts cannot belong to 0 stories");
  }
}
