package storyloom.model.decode.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import storyloom.model.text.token.Vocabulary;

class OtherPromptsTest {

  private static final Vocabulary WORDS =
      Vocabulary.build(Map.of("the", 900L, "fox", 90L, "moon", 10L), 1, 10);

  @Test
  void wordsComeUpAsOftenAsInTheTrainingSplit() {
    int[] all =
        OtherPrompts.of(WORDS).ofLength(5000).stream().flatMapToInt(Arrays::stream).toArray();

    for (String word : List.of("the", "fox", "moon")) {
      int id = WORDS.id(word);
      double share = IntStream.of(all).filter(each -> each == id).count() / (double) all.length;
      assertThat(share).as(word).isCloseTo(WORDS.count(id) / 1000.0, within(0.02));
    }
    assertThat(IntStream.of(all).min()).hasValue(Vocabulary.FIRST_WORD);
  }

  @Test
  void promptsAreAsLongAsTheStorysOwnAndAlwaysTheSame() {
    List<int[]> prompts = OtherPrompts.of(WORDS).ofLength(7);

    assertThat(prompts).hasSizeGreaterThan(1).allMatch(prompt -> prompt.length == 7);
    assertThat(OtherPrompts.of(WORDS).ofLength(7)).containsExactlyElementsOf(prompts);
    assertThat(prompts.get(0)).isNotEqualTo(prompts.get(1));
  }

  @Test
  void everyWordCanComeUpWhereNoneWasCounted() {
    int[] all = OtherPrompts.ofAnyWords(7).ofLength(300).get(0);

    assertThat(IntStream.of(all).distinct().sorted()).containsExactly(4, 5, 6);
  }
}
