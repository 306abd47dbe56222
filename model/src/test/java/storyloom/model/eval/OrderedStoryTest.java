package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderedStoryTest {

  private static final int[] PROMPT = {4};
  private static final List<int[]> SENTENCES =
      List.of(new int[] {5, 6}, new int[] {7}, new int[] {8, 9, 10}, new int[] {11});

  private static OrderedStory draw(long seed) {
    return OrderedStory.draw(PROMPT, SENTENCES, seed).orElseThrow();
  }

  @Test
  void theOtherOrderHasTheSameSentences() {
    for (int seed = 0; seed < 50; seed++) {
      OrderedStory story = draw(seed);

      assertThat(story.story()).containsExactly(5, 6, 7, 8, 9, 10, 11);
      assertThat(story.shuffled())
          .isNotEqualTo(story.story())
          .containsExactlyInAnyOrder(5, 6, 7, 8, 9, 10, 11)
          .containsSequence(5, 6)
          .containsSequence(8, 9, 10);
    }
  }

  @Test
  void theSeedDecidesTheOrder() {
    Set<String> orders = new HashSet<>();
    IntStream.range(0, 50).forEach(seed -> orders.add(Arrays.toString(draw(seed).shuffled())));

    assertThat(draw(7).shuffled()).containsExactly(draw(7).shuffled());
    assertThat(orders).hasSizeGreaterThan(10);
  }

  @Test
  void oneSentenceOrEqualOnesHaveNoOtherOrder() {
    assertThat(OrderedStory.draw(PROMPT, SENTENCES.subList(0, 1), 1)).isEmpty();
    assertThat(OrderedStory.draw(PROMPT, List.of(), 1)).isEmpty();
    assertThat(OrderedStory.draw(PROMPT, List.of(new int[] {5}, new int[] {5}), 1)).isEmpty();
  }
}
