package storyloom.model.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;

class WordTokenizerTest {

  private final Tokenizer folding = new WordTokenizer(true);
  private final Tokenizer keeping = new WordTokenizer(false);
  private final TextCleaner cleaner = TextCleaner.of(TextCleaner.ruleNames());

  @Test
  void contractionsStayWholeAndPunctuationStandsAlone() {
    assertThat(folding.tokenize("He didn't know, it's 3.50!"))
        .containsExactly("he", "didn't", "know", ",", "it's", "3.50", "!");
  }

  @Test
  void anEllipsisAndADashAreOneToken() {
    assertThat(folding.tokenize("Well... yes -- no?!"))
        .containsExactly("well", "...", "yes", "--", "no", "?", "!");
  }

  @Test
  void aLineBreakIsAToken() {
    assertThat(folding.tokenize("One.\nTwo.")).containsExactly("one", ".", "<newline>", "two", ".");
  }

  @Test
  void emojiStayWholeAndChineseIsPartedIntoWords() {
    assertThat(folding.tokenize("Hi 👍🏽")).containsExactly("hi", "👍🏽");
    assertThat(folding.tokenize("我喜欢猫。")).containsExactly("我", "喜欢", "猫", "。");
  }

  /** Libraries have changed their minds about it; the vocabularies of trained models have not. */
  @Test
  void aColonPartsWords() {
    assertThat(folding.tokenize("tea:milk")).containsExactly("tea", ":", "<join>", "milk");
  }

  @Test
  void textCannotSpellATokenThatStandsForLayout() {
    assertThat(folding.tokenize("<newline> <join> <space>"))
        .doesNotContain("<newline>")
        .filteredOn(token -> token.equals("join") || token.equals("space"))
        .hasSize(2);
    assertThat(folding.detokenize(folding.tokenize("a <join> b"))).isEqualTo("A <join> b");
  }

  @Test
  void onlyUnexpectedSpacingCostsATokenOfItsOwn() {
    assertThat(folding.tokenize("a well-known (old) \"friend\" of 7:30"))
        .doesNotContain("<join>", "<space>");
    assertThat(folding.tokenize("cat(s)")).containsExactly("cat", "<join>", "(", "s", ")");
    assertThat(folding.tokenize("this /one"))
        .containsExactly("this", "<space>", "/", "<join>", "one")
        .hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Who's there?\" Tom asked. \"It is I,\" said the fox.",
        "The dogs' bowls were empty. I'm sure it was the '90s rock 'n' roll.",
        "She paid $5.20 (or 10%) at 7:30 a.m. and left -- at last.",
        "\"First line.\n\"Second line,\" he said.\n'Third.'",
        "Mr. Brown, who's 5'10, saw Mrs. Green on Monday.",
        "\"He said 'run!' and I ran,\" she wept...",
      })
  void sentencesComeBackAsTheyWere(String text) {
    assertThat(keeping.detokenize(keeping.tokenize(text))).isEqualTo(text);
    assertThat(folding.detokenize(folding.tokenize(text))).isEqualToIgnoringCase(text);
  }

  @Test
  void sentenceCaseIsRestored() {
    assertThat(
            folding.detokenize(
                folding.tokenize(
                    "\"who's it?\" she asked, \"i'm in.\" on monday i left.\nthe end.")))
        .isEqualTo("\"Who's it?\" she asked, \"I'm in.\" On Monday I left.\nThe end.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Now?\" he asked. \"Never!\" cried the fox.",
        "\"Run!\" The door fell. \"Is it you?\" No answer came.",
        "I went, 'cause I had to. 'Twas the night.",
        "She rode with 'em, 'til dawn."
      })
  void speechThatEndsInACryGoesOnAndClippedWordsBeginNothing(String text) {
    assertThat(folding.detokenize(folding.tokenize(text))).isEqualTo(text);
  }

  @Test
  void aTurkishCapitalIsOneLetterOfLowerCase() {
    assertThat(folding.tokenize("İstanbul İYİ")).containsExactly("istanbul", "iyi");
  }

  @Test
  void everyTokenIsFoldedTheSameWayInEveryLocale() {
    assertThat(folding.tokenize("TITLE")).containsExactly("title");
  }

  @Property(tries = 1000, seed = "1")
  void anyCleanTextComesBack(@ForAll String raw) {
    String clean = cleaner.clean(raw, TextSide.STORY);

    assertThat(keeping.detokenize(keeping.tokenize(clean))).isEqualTo(clean);
  }

  @Property(tries = 500, seed = "1")
  void tokensHoldNoWhiteSpace(@ForAll String raw) {
    assertThat(folding.tokenize(raw))
        .allSatisfy(token -> assertThat(token).isNotEmpty().doesNotContainAnyWhitespaces());
  }

  @Test
  void anUnknownTokenizerIsRefused() {
    TextSettings settings = new TextSettings(List.of(), "syllables", true, 64, 200);

    assertThatThrownBy(() -> Tokenizer.of(settings, Vocabulary.build(Map.of(), 1, 4)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("text.tokenizer")
        .hasMessageContaining("syllables");
  }
}
