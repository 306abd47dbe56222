package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import storyloom.model.eval.PromptRanking.RankedStory;

class PromptRankingTest {

  private static ReferencePair pair(int prompt) {
    return new ReferencePair(new int[] {prompt}, new int[] {100 + prompt}, 2, List.of());
  }

  private static List<ReferencePair> pairs(IntStream prompts) {
    return prompts.mapToObj(PromptRankingTest::pair).toList();
  }

  @Test
  void aStoryStandsWithItsOwnPromptAndNineOthers() {
    RankedStory story = RankedStory.draw(pairs(IntStream.range(4, 40)), 7).orElseThrow();

    assertThat(story.story()).containsExactly(111);
    assertThat(story.prompts()).hasSize(10);
    assertThat(story.prompts().get(0)).containsExactly(11);
    assertThat(story.prompts().stream().map(Arrays::toString)).doesNotHaveDuplicates();
  }

  @Test
  void theSameSampleGivesTheSameOthers() {
    List<ReferencePair> sample = pairs(IntStream.range(4, 40));

    assertThat(RankedStory.draw(sample, 3).orElseThrow().prompts())
        .usingRecursiveComparison()
        .isEqualTo(RankedStory.draw(sample, 3).orElseThrow().prompts());
  }

  @Test
  void tenDifferentPromptsAreNeeded() {
    assertThat(RankedStory.draw(pairs(IntStream.range(4, 14)), 0)).isPresent();
    assertThat(RankedStory.draw(pairs(IntStream.range(4, 40).map(i -> i % 9 + 4)), 0)).isEmpty();
  }

  @Test
  void accuracyIsTheShareOfFirstPlaces() {
    PromptRanking ranking = PromptRanking.of(List.of(0, 3, 0, 9, 0));

    assertThat(ranking.stories()).containsExactly(3, 0, 0, 1, 0, 0, 0, 0, 0, 1);
    assertThat(ranking.accuracy()).isEqualTo(0.6);
    assertThat(PromptRanking.of(List.of()).accuracy()).isNaN();
  }
}
