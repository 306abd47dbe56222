package storyloom.model.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;
import storyloom.model.text.token.Merges.Pair;

class BpeLearnerTest {

  /** The words of the paper's own example. */
  private static final List<TokenCount> PAPER =
      List.of(
          new TokenCount("low", 5),
          new TokenCount("lower", 2),
          new TokenCount("newest", 6),
          new TokenCount("widest", 3));

  @Test
  void theMostFrequentPairIsMergedFirst() {
    assertThat(BpeLearner.learn(PAPER, 1, 1000).merges().pairs())
        .startsWith(new Pair("e@@", "s@@"), new Pair("t@@", "</w>"), new Pair("es@@", "t"));
  }

  @Test
  void everyTokenIsCountedAsOftenAsItStandsInTheText() {
    Vocabulary vocabulary = BpeLearner.learn(PAPER, 1, 1000);

    assertThat(vocabulary.count(vocabulary.id("newest"))).isEqualTo(6);
    assertThat(vocabulary.count(vocabulary.id("est"))).isZero(); // went into newest and widest
  }

  @Test
  void tokensStandInTheOrderOfAnyVocabulary() {
    Vocabulary vocabulary = BpeLearner.learn(PAPER, 3, 1000);

    assertThat(vocabulary.entries().subList(Vocabulary.FIRST_WORD, vocabulary.size())).isSorted();
  }

  @Test
  void bytesAndLayoutAreAlwaysKnown() {
    Vocabulary vocabulary = BpeLearner.learn(PAPER, 1, 300);

    assertThat(Subwords.bytes()).allMatch(token -> vocabulary.id(token) != Vocabulary.OOV);
    assertThat(Spacing.LAYOUT).allMatch(token -> vocabulary.id(token) != Vocabulary.OOV);
  }

  @Test
  void markersOfLayoutAreCountedAndNeverParted() {
    List<TokenCount> words = List.of(new TokenCount("<newline>", 70), new TokenCount("new", 2));
    Vocabulary vocabulary = BpeLearner.learn(words, 1, 1000);

    assertThat(vocabulary.token(Vocabulary.FIRST_WORD)).isEqualTo("<newline>");
    assertThat(vocabulary.count(Vocabulary.FIRST_WORD)).isEqualTo(70);
    assertThat(vocabulary.id("<@@")).isEqualTo(Vocabulary.OOV);
  }

  @Test
  void theVocabularyIsFullAndNoFuller() {
    List<TokenCount> words = words(new Random(1), 3000);

    assertThat(BpeLearner.learn(words, 1, 300).size()).isEqualTo(300);
    assertThat(BpeLearner.learn(words, 1, 777).size()).isEqualTo(777);
  }

  @Test
  void theOrderOfTheWordsDoesNotMatter() {
    List<TokenCount> words = words(new Random(2), 2000);
    List<TokenCount> shuffled = new ArrayList<>(words);
    Collections.shuffle(shuffled, new Random(3));

    assertThat(BpeLearner.learn(shuffled, 2, 900).sha256())
        .isEqualTo(BpeLearner.learn(words, 2, 900).sha256());
  }

  @Test
  void rareCharactersAreWrittenInBytes() {
    List<TokenCount> words = List.of(new TokenCount("a", 1_000_000), new TokenCount("猫", 2));

    assertThat(BpeLearner.learn(words, 1, 1000).id("猫@@")).isEqualTo(Vocabulary.OOV);
    assertThat(BpeLearner.learn(words, 1, 1000).id("a")).isNotEqualTo(Vocabulary.OOV);
  }

  @Test
  void pairsThatAreTooRareAreNotMerged() {
    assertThat(BpeLearner.learn(PAPER, 7, 1000).merges().pairs())
        .extracting(Pair::merged)
        .contains("lo@@", "low@@", "est")
        .doesNotContain("ew@@", "low");
  }

  @Test
  void aVocabularyWithoutRoomIsRefused() {
    assertThatThrownBy(() -> BpeLearner.learn(PAPER, 1, 299))
        .isInstanceOf(UserException.class)
        .hasMessage("text.vocabulary must be at least 300 with text.tokenizer=bpe, not 299");
  }

  /** Counting anew before each merge, which is slow and simple, finds the same merges. */
  @Property(tries = 200, seed = "1")
  void mergesAreThoseOfCountingAnew(
      @ForAll @Size(min = 1, max = 12)
          List<@StringLength(min = 1, max = 9) @CharRange(from = 'a', to = 'c') String> words,
      @ForAll @IntRange(min = 1, max = 3) int minCount) {
    Map<String, Long> counts = new HashMap<>();
    words.forEach(word -> counts.merge(word, (long) word.length(), Long::sum));
    List<TokenCount> counted = new ArrayList<>();
    counts.forEach((word, count) -> counted.add(new TokenCount(word, count)));

    assertThat(BpeLearner.learn(counted, minCount, 330).merges().pairs())
        .isEqualTo(SimpleBpe.merges(counted, minCount, 330));
  }

  private static List<TokenCount> words(Random random, int size) {
    Map<String, Long> counts = new HashMap<>();
    for (int i = 0; i < size; i++) {
      StringBuilder word = new StringBuilder();
      for (int length = 1 + random.nextInt(10); length > 0; length--) {
        word.append((char) ('a' + (int) Math.abs(random.nextGaussian() * 5) % 26));
      }
      counts.merge(word.toString(), 1L + random.nextInt(50), Long::sum);
    }
    List<TokenCount> words = new ArrayList<>();
    counts.forEach((word, count) -> words.add(new TokenCount(word, count)));
    return words;
  }
}
