package storyloom.model.decode.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.decode.Rows;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.BpeLearner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

class BannedWordsTest {

  private static final int LONGEST = 1000;

  /** Texts of which vocabularies are made. */
  private static final String CORPUS =
      """
      The dragon met a dragonfly, a snapdragon and the dragon's dragons. DRAGON! Dragon? fire-dragon
      Once upon a time it didn't rain in rock 'n' roll. The agon of dra gon on a well-being, don't
      dra-gon "dragon" naïve façade Straße STRASSE ﬁ 中文 龙 飞龙 мир Мир Ωmega don can can't i'm
      """;

  private static final TextCodec FOLDED_WORDS = codec("words", true, 1000);
  private static final TextCodec WORDS = codec("words", false, 1000);

  /** Most words of the corpus are one token. */
  private static final TextCodec WHOLE = codec("bpe", true, 1000);

  /** Words are letters and bytes. */
  private static final TextCodec LETTERS = codec("bpe", false, 310);

  private static TextCodec codec(String tokenizer, boolean lowercase, int size) {
    TextSettings settings =
        new TextSettings(TextCleaner.ruleNames(), tokenizer, lowercase, 64, 200);
    Map<String, Long> counts = new HashMap<>();
    Tokenizer words = Tokenizer.ofWords(settings);
    words.tokenize(CORPUS).forEach(word -> counts.merge(word, 1L, Long::sum));
    Stream.of("<join>", "<space>", "<newline>", "fly", "snap")
        .forEach(token -> counts.merge(token, 1L, Long::sum));
    List<TokenCount> counted = new ArrayList<>();
    counts.forEach((word, count) -> counted.add(new TokenCount(word, count)));
    Vocabulary vocabulary =
        tokenizer.equals("bpe")
            ? BpeLearner.learn(counted, 1, size)
            : Vocabulary.build(counted, 1, size);
    return new TextCodec(settings, vocabulary);
  }

  static Stream<TextCodec> codecs() {
    return Stream.of(FOLDED_WORDS, WORDS, WHOLE, LETTERS);
  }

  private static boolean[] allowed(TextCodec codec, BannedWords banned, int[] written, int most) {
    NextTokenLogits next = Rows.of(new float[codec.vocabulary().size()]);
    new TokenConstraints(0, most, 0, 1, List.of()).apply(written, banned, next);
    boolean[] allowed = new boolean[codec.vocabulary().size()];
    for (int id = 0; id < allowed.length; id++) {
      allowed[id] = Double.isFinite(next.score(id));
    }
    return allowed;
  }

  private static boolean canWrite(TextCodec codec, String text, String... banned) {
    return canWrite(codec, codec.tokenizer().tokenize(text), banned);
  }

  private static boolean canWrite(TextCodec codec, List<String> tokens, String... banned) {
    BannedWords words = BannedWords.of(codec, List.of(banned));
    int[] ids = codec.ids(tokens);
    assertThat(ids).doesNotContain(Vocabulary.OOV);
    for (int length = 0; length <= ids.length; length++) {
      int next = length < ids.length ? ids[length] : Vocabulary.END;
      if (!allowed(codec, words, IntStream.of(ids).limit(length).toArray(), LONGEST)[next]) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void aBannedWordAppearsInNoCaseForm(TextCodec codec) {
    for (String form : List.of("dragon", "Dragon", "DRAGON")) {
      assertThat(canWrite(codec, "the dragon met", form)).isFalse();
      assertThat(canWrite(codec, "Dragon?", form)).isFalse();
      assertThat(canWrite(codec, "a DRAGON!", form)).isFalse();
    }
    assertThat(canWrite(codec, "мир", "Мир")).isFalse();
    assertThat(canWrite(codec, "STRASSE", "straße")).isFalse();
    assertThat(canWrite(codec, "Straße", "strasse")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void otherWordsThatHoldItStay(TextCodec codec) {
    assertThat(canWrite(codec, "a dragonfly, a snapdragon and dragons", "dragon")).isTrue();
    assertThat(canWrite(codec, "the dragon met", "agon", "drag", "ra", "dragonfly")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void aWordEndsWhereNoLetterOrDigitFollows(TextCodec codec) {
    for (String text :
        List.of("the dragon's", "fire-dragon", "\"dragon\"", "a dragon\na", "the dragon")) {
      assertThat(canWrite(codec, text, "dragon")).as(text).isFalse();
    }
    assertThat(canWrite(codec, "the dragon", "dragon's")).isTrue();
    assertThat(canWrite(codec, "the dragon's", "dragon's")).isFalse();
    assertThat(canWrite(codec, "don't rain", "don’t")).isFalse();
    assertThat(canWrite(codec, "don't rain", "didn't", "on", "t rain in")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void aPhraseIsBannedWithWhateverWhiteSpaceBetweenItsWords(TextCodec codec) {
    assertThat(canWrite(codec, "Once upon a time", "once upon a time")).isFalse();
    assertThat(canWrite(codec, "Once\nupon a time", "once upon")).isFalse();
    assertThat(canWrite(codec, "Once upon, a time", "upon a time")).isTrue();
    assertThat(canWrite(codec, "a well-being", "well-being")).isFalse();
    assertThat(canWrite(codec, "a well -being", "well-being")).isFalse();
    assertThat(canWrite(codec, "a well, being", "well-being")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void marksAreBannedToo(TextCodec codec) {
    assertThat(canWrite(codec, "dragon!", "!")).isFalse();
    assertThat(canWrite(codec, "dragon?", "!")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void whereScriptsHaveNoSpacesAnyPartIsAWord(TextCodec codec) {
    assertThat(canWrite(codec, "飞龙", "龙")).isFalse();
    assertThat(canWrite(codec, "中文", "龙")).isTrue();
  }

  @Test
  void markersOfSpacesDoNotHideAWord() {
    for (TextCodec codec : List.of(FOLDED_WORDS, WHOLE)) {
      assertThat(canWrite(codec, List.of("dra", "<join>", "gon"), "dragon")).isFalse();
      assertThat(canWrite(codec, List.of("dra", "gon"), "dragon")).isTrue();
      assertThat(canWrite(codec, List.of("dra", "<newline>", "<join>", "gon"), "dragon")).isTrue();
      assertThat(canWrite(codec, List.of("snap", "<join>", "dragon"), "dragon")).isTrue();
      assertThat(canWrite(codec, List.of("snap", "<space>", "dragon"), "dragon")).isFalse();
    }
  }

  @Test
  void aWordIsBannedHoweverItIsSpelt() {
    for (List<String> spelling :
        List.of(
            List.of("d@@", "r@@", "a@@", "g@@", "o@@", "n@@", "</w>"),
            List.of("<0x64>", "r@@", "<0x41>", "g@@", "o@@", "<0x4E>", "</w>"),
            List.of("d@@", "<0xC3>", "r@@", "a@@", "<0x67>", "<0x6F>", "<0xE2>", "n@@", "</w>"),
            List.of("d@@", "r@@", "a@@", "g@@", "o@@", "<0xC3>", "<0x6E>", "<newline>"),
            List.of("d@@", "r@@", "a@@", "g@@", "o@@", "n@@", "'@@", "s@@", "</w>"))) {
      assertThat(canWrite(LETTERS, spelling, "dragon")).as("%s", spelling).isFalse();
    }
    assertThat(
            canWrite(
                LETTERS,
                List.of("d@@", "r@@", "a@@", "g@@", "o@@", "n@@", "<0xC3>", "<0xA9>", "</w>"),
                "dragon"))
        .isTrue();
  }

  @Test
  void aWordDoesNotEndWhereTheStoryIsFull() {
    BannedWords dragon = BannedWords.of(LETTERS, List.of("dragon"));
    int[] before = LETTERS.ids(List.of("d@@", "r@@", "a@@", "g@@", "o@@"));
    int last = LETTERS.vocabulary().id("n@@");

    assertThat(allowed(LETTERS, dragon, before, 7)[last]).isTrue();
    assertThat(allowed(LETTERS, dragon, before, 6)[last]).isFalse();
  }

  @Test
  void anOpenWordGoesOnThoughItsPiecesRepeat() {
    BannedWords dragon = BannedWords.of(LETTERS, List.of("dragon"));
    int[] all = IntStream.range(4, LETTERS.vocabulary().size()).toArray();
    int[] word = LETTERS.ids(List.of("</w>", "d@@", "r@@", "a@@", "g@@", "o@@", "n@@"));
    int[] written = IntStream.concat(IntStream.of(all), IntStream.of(word)).toArray();
    NextTokenLogits next = Rows.of(new float[LETTERS.vocabulary().size()]);

    new TokenConstraints(0, LONGEST, 1, 1, List.of()).apply(written, dragon, next);

    assertThat(next.score(LETTERS.vocabulary().id("s@@"))).isFinite();
    assertThat(next.score(LETTERS.vocabulary().id("</w>"))).isInfinite();
    assertThat(next.score(Vocabulary.END)).isInfinite();
  }

  /** Stories of any tokens, those of the banned words more often than others. */
  @ParameterizedTest
  @MethodSource("codecs")
  void noStoryHoldsABannedWordWhateverTheModelWants(TextCodec codec) {
    List<String> banned =
        List.of("dragon", "dra gon", "a", "don't", "Straße", "naïve", "ra-", "on");
    List<Pattern> patterns =
        banned.stream()
            .map(word -> word.replace("Straße", "(straße|strasse)").replace(" ", "\\s+"))
            .map(word -> word.replace("ra-", "ra\\s*-"))
            .map(
                word ->
                    (Character.isLetter(word.charAt(word.length() - 1)) || word.endsWith(")")
                        ? word + "(?![\\p{L}\\p{N}\\p{M}])"
                        : word))
            .map(word -> "(?<![\\p{L}\\p{N}\\p{M}])" + word)
            .map(word -> Pattern.compile(word, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
            .toList();
    BannedWords words = BannedWords.of(codec, banned);
    int[] likely =
        IntStream.concat(
                IntStream.range(4, codec.vocabulary().size())
                    .filter(
                        id ->
                            codec.vocabulary().token(id).startsWith("<")
                                && !codec.vocabulary().token(id).startsWith("<0x")),
                banned.stream()
                    .flatMapToInt(word -> IntStream.of(codec.promptIds(word + " " + word + "s"))))
            .filter(id -> id != Vocabulary.OOV)
            .toArray();
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      int most = 1 + random.nextInt(60);
      List<Integer> story = new ArrayList<>();
      while (story.size() < most) {
        int[] written = story.stream().mapToInt(Integer::intValue).toArray();
        boolean[] allowed = allowed(codec, words, written, most);
        int next = Vocabulary.END;
        for (int attempt = 0; attempt < 1000; attempt++) {
          int id =
              random.nextInt(4) > 0
                  ? likely[random.nextInt(likely.length)]
                  : 3 + random.nextInt(codec.vocabulary().size() - 3);
          if (allowed[id]) {
            next = id;
            break;
          }
        }
        if (next == Vocabulary.END) {
          assertThat(allowed[next]).isTrue();
          break;
        }
        story.add(next);
      }
      String text = codec.story(story.stream().mapToInt(Integer::intValue).toArray());
      for (Pattern pattern : patterns) {
        assertThat(pattern.matcher(text).find()).as("%s in %s", pattern, text).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "<br>", "https://example.com/story"})
  void whatCleaningLeavesNothingOfIsRefused(String nothing) {
    assertThatThrownBy(() -> BannedWords.of(WORDS, List.of("fox", nothing)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "decode.banned-words holds \"%s\", of which cleaning leaves nothing: take it out",
            nothing);
  }
}
