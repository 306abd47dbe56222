package storyloom.model.text.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;

class BpeTokenizerTest {

  private static final String TEXT =
      "The fox didn't know. \"Stop!\" it cried, unstoppable -- the unknown fox cried...\nThe end.";

  private static final TextSettings FOLDING = settings(true);
  private static final TextSettings KEEPING = settings(false);
  private static final Vocabulary SMALL = learned(FOLDING, 320);
  private static final Vocabulary LARGE = learned(KEEPING, 1000);

  private final Tokenizer folding = Tokenizer.of(FOLDING, SMALL);
  private final Tokenizer keeping = Tokenizer.of(KEEPING, LARGE);

  private static TextSettings settings(boolean lowercase) {
    return new TextSettings(TextCleaner.ruleNames(), "bpe", lowercase, 64, 12);
  }

  private static Vocabulary learned(TextSettings settings, int limit) {
    Map<String, Long> counts = new HashMap<>();
    Tokenizer.ofWords(settings).tokenize(TEXT).forEach(word -> counts.merge(word, 1L, Long::sum));
    List<TokenCount> words = new ArrayList<>();
    counts.forEach((word, count) -> words.add(new TokenCount(word, count)));
    return BpeLearner.learn(words, 1, limit);
  }

  @Test
  void aWordThatWasMergedWholeIsOneToken() {
    assertThat(keeping.tokenize("The fox.")).containsExactly("The", "fox", ".");
  }

  @Test
  void anUnknownWordIsMadeOfKnownPieces() {
    assertThat(keeping.tokenize("unfox")).containsExactly("un@@", "fox");
  }

  @Test
  void aCharacterThatWasNeverSeenIsMadeOfBytes() {
    assertThat(keeping.tokenize("☃")).containsExactly("<0xE2>", "<0x98>", "<0x83>", "</w>");
    assertThat(keeping.tokenize("a@b")).contains("<0x40>");
  }

  @Test
  void layoutIsKeptApartFromWords() {
    assertThat(keeping.tokenize("fox\nfox /fox"))
        .containsSubsequence("fox", "<newline>", "fox", "<space>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Who's there?\" Tom asked. \"It is I,\" said the fox.",
        "a@@b </w> <0x41> <newline> <join> @@ user@@@host",
        "日本語 and 😀👍🏽 and naïve Ωmega\nעברית",
      })
  void whateverIsWrittenComesBack(String text) {
    assertThat(keeping.detokenize(keeping.tokenize(text))).isEqualTo(text);
    assertThat(folding.detokenize(folding.tokenize(text))).isEqualToIgnoringCase(text);
  }

  @Property(tries = 1000, seed = "1")
  void anyCleanTextComesBack(@ForAll String raw, @ForAll TextSide side) {
    String clean = TextCleaner.of(TextCleaner.ruleNames()).clean(raw, side);

    assertThat(keeping.detokenize(keeping.tokenize(clean))).isEqualTo(clean);
  }

  @Property(tries = 1000, seed = "1")
  void nothingIsOutOfTheVocabulary(@ForAll String raw) {
    TextCodec codec = new TextCodec(FOLDING, SMALL);

    assertThat(Arrays.stream(codec.promptIds(raw)))
        .allMatch(id -> id >= Vocabulary.FIRST_WORD && id < SMALL.size());
  }

  @Property(tries = 500, seed = "1")
  void whateverAModelWritesIsText(@ForAll List<Integer> numbers) {
    int words = SMALL.size() - Vocabulary.FIRST_WORD;
    int[] ids =
        numbers.stream().mapToInt(n -> Vocabulary.FIRST_WORD + Math.floorMod(n, words)).toArray();
    String story = new TextCodec(FOLDING, SMALL).story(ids);

    assertThat(story.chars().filter(Character::isISOControl)).allMatch(c -> c == '\n');
  }

  @Test
  void bytesThatAreNoTextVanish() {
    assertThat(keeping.detokenize(List.of("fox", "<0xE2>", "</w>", "<0x07>", "</w>", "fox")))
        .isEqualTo("fox fox");
  }

  @Test
  void aStoryIsCutAtASentenceEndAndNeverWithinAWord() {
    TextCodec codec = new TextCodec(FOLDING, SMALL);

    List<String> cut = codec.storyTokens("The fox cried. Xyzzy unstoppable xyzzy");
    List<String> endless = codec.storyTokens("the fox didn't know xyzzyxyzzy");

    assertThat(codec.text(cut)).isEqualTo("The fox cried.");
    assertThat(endless).hasSizeLessThanOrEqualTo(12);
    assertThat(codec.text(endless)).isEqualTo("The fox didn't know");
  }

  @Test
  @Timeout(60)
  void aWordOfMegabytesIsPartedInNoTime() {
    String word = "unstoppable".repeat(200_000);

    assertThat(folding.detokenize(folding.tokenize(word))).isEqualToIgnoringCase(word);
  }

  @Test
  void mergesComeBackFromTheirFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VocabularyFiles.writeMerges(LARGE.merges(), out);

    assertThat(
            VocabularyFiles.readMerges(new ByteArrayInputStream(out.toByteArray()), "merges.txt"))
        .isEqualTo(LARGE.merges());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@@ b\nc", "a@@ b\nc d", "a@@ b\nc@@ ", "a@@ b\nc@@ d e", "a@@ b\n\n"})
  void aDamagedFileOfMergesIsRefusedWithItsLine(String text) {
    assertThatThrownBy(() -> readMerges(text))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("merges.txt is damaged: line 2 is no pair of tokens; copy it anew");
  }

  @Test
  void lineEndsAndMarksOfOtherSystemsAreNamed() {
    assertThatThrownBy(() -> readMerges("a@@ b\na@@ c\r\n"))
        .hasMessageContaining("line 2 ends in CR LF");
    assertThatThrownBy(() -> readMerges("\uFEFFa@@ b\n"))
        .hasMessageContaining("line 1 begins with a byte order mark");
  }

  private static Merges readMerges(String text) throws IOException {
    return VocabularyFiles.readMerges(new ByteArrayInputStream(text.getBytes(UTF_8)), "merges.txt");
  }

  /** Twenty thousand, each of sixty pieces. */
  @Test
  void wordsThatAreMadeUpDoNotFillTheMemory() {
    long before = usedHeap();

    for (int i = 0; i < 20_000; i++) {
      String bits = "%16s".formatted(Integer.toBinaryString(i));
      String word = bits.replace(' ', 'k').replace('0', 'p').replace('1', 'u') + "k".repeat(44);
      assertThat(folding.tokenize(word).size()).isGreaterThan(50);
    }

    assertThat(usedHeap() - before).isLessThan(40L << 20);
    assertThat(folding.tokenize("the fox")).containsExactly("the", "fox");
  }

  private static long usedHeap() {
    System.gc();
    System.gc(); // what the first one has found out about references
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
