package storyloom.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.BpeLearner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Vocabulary;

class IncrementalDetokenizerTest {

  private static final Map<String, Long> WORDS =
      Map.of("in", 9L, "i", 8L, "inn", 7L, "\"", 6L, ".", 5L, "<newline>", 4L, "<join>", 3L);
  private static final TextCodec OF_WORDS = codec("words", Vocabulary.build(WORDS, 1, 100));
  private static final TextCodec OF_PIECES =
      codec(
          "bpe",
          BpeLearner.learn(
              WORDS.entrySet().stream()
                  .map(word -> new TokenCount(word.getKey(), word.getValue()))
                  .toList(),
              1,
              300));

  private static TextCodec codec(String tokenizer, Vocabulary vocabulary) {
    return new TextCodec(
        new TextSettings(TextCleaner.ruleNames(), tokenizer, true, 64, 200), vocabulary);
  }

  @Property(tries = 500, seed = "1")
  void piecesTogetherAreTheText(@ForAll List<Integer> numbers) {
    for (TextCodec codec : List.of(OF_WORDS, OF_PIECES)) {
      int words = codec.vocabulary().size() - Vocabulary.FIRST_WORD;
      int[] ids =
          numbers.stream().mapToInt(n -> Vocabulary.FIRST_WORD + Math.floorMod(n, words)).toArray();
      IncrementalDetokenizer text = new IncrementalDetokenizer(codec);
      StringBuilder pieces = new StringBuilder();
      IntStream.of(ids).mapToObj(codec.vocabulary()::token).map(text::add).forEach(pieces::append);

      assertThat(pieces + text.rest()).isEqualTo(codec.story(ids));
    }
  }

  @Test
  void aPieceBringsTheSpaceBeforeIt() {
    IncrementalDetokenizer text = new IncrementalDetokenizer(OF_WORDS);

    assertThat(Stream.of("in", "i", ".", "<newline>", "inn").map(text::add))
        .containsExactly("In", " I", ".", "\n", "Inn");
  }

  @Test
  void aWordIsHeldBackUntilItIsWhole() {
    IncrementalDetokenizer text = new IncrementalDetokenizer(OF_PIECES);

    assertThat(text.add("i@@")).isEmpty(); // alone it would be "I", which has a capital
    assertThat(text.add("n")).isEqualTo("In");
    assertThat(text.add("i@@")).isEmpty();
    assertThat(text.rest()).isEqualTo(" I");
  }
}
