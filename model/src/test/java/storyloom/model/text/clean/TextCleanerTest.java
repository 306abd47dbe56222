package storyloom.model.text.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;

class TextCleanerTest {

  private final TextCleaner cleaner = TextCleaner.of(TextCleaner.ruleNames());

  @Property(tries = 2000, seed = "1")
  void cleaningIsIdempotent(@ForAll("texts") String raw, @ForAll TextSide side) {
    String clean = cleaner.clean(raw, side);

    assertThat(cleaner.clean(clean, side)).isEqualTo(clean);
  }

  @Property(tries = 500, seed = "1")
  void cleaningIsIdempotentWhateverRulesAreOn(
      @ForAll("texts") String raw, @ForAll TextSide side, @ForAll("rules") List<String> rules) {
    TextCleaner some = TextCleaner.of(rules);
    String clean = some.clean(raw, side);

    assertThat(some.clean(clean, side)).isEqualTo(clean);
  }

  @Property(tries = 1000, seed = "1")
  void noControlCharacterAndNoLooseSpaceComesOut(
      @ForAll("texts") String raw, @ForAll TextSide side) {
    String clean = cleaner.clean(raw, side);

    assertThat(clean.chars().filter(Character::isISOControl)).allMatch(c -> c == '\n');
    assertThat(clean).doesNotContain("  ", " \n", "\n ", "\n\n").isEqualTo(clean.strip());
  }

  /** Arbitrary Unicode mixed with all that the rules look for. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> marks =
        Arbitraries.of(
            "*",
            "**",
            "_",
            "`",
            "``",
            "''",
            "\"",
            "'",
            "#",
            ">",
            "<",
            "[",
            "](",
            ")",
            "(",
            "http://",
            "www.",
            "&amp;",
            "&lt;",
            "&#8212;",
            "<b>",
            "<br>",
            "<newline>",
            "\n",
            "\r",
            " ",
            "\t",
            "-",
            "--",
            ".",
            "...",
            ",",
            "!",
            "?",
            "\\",
            "^",
            "~~",
            "n't",
            "'s",
            "\u200d",
            "\u0301",
            "A",
            "ab",
            "Cd",
            "[WP]",
            "(PICS)",
            "EDIT",
            "Edit:",
            "tl;dr",
            "Note:",
            "thanks for reading",
            "â€™",
            "Ã",
            "©",
            "7",
            "😀",
            "日");
    Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(3);
    return Arbitraries.oneOf(marks, marks, any)
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> rules() {
    return Arbitraries.of(TextCleaner.ruleNames()).list().uniqueElements();
  }

  @Test
  void realTextComesOutAsAReaderExpectsIt() {
    assertThat(
            cleaner.clean(
                "“Run!” she *whispered* . <newline> <newline> &gt; He did n’t\u00a0move"
                    + " [at all](http://a.org) &amp; died… <newline> ***",
                TextSide.STORY))
        .isEqualTo("\"Run!\" she whispered.\nHe didn't move at all & died...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "<newline>", "***", "http://a.org/b", "&nbsp;", "\u200b\n"})
  void aBlankResultIsEmpty(String raw) {
    assertThat(cleaner.clean(raw, TextSide.STORY)).isEmpty();
  }

  @Test
  void aTextThatNeverSettlesIsEmpty() {
    String nested = "&#38;" + "#38;".repeat(500) + "lt;";

    assertThat(cleaner.clean(nested, TextSide.STORY)).isEmpty();
  }

  @Test
  @Timeout(60)
  void aLineOfMegabytesOfMarksIsCleanedInNoTime() {
    for (String marks :
        List.of("[", "[a](", "<!--", "**a ", "&amp;", "> ", "\" ", "a\u0301", "(( ")) {
      assertThat(cleaner.clean(marks.repeat(200_000), TextSide.STORY)).isNotNull();
    }
  }

  @Test
  void rulesApplyInTheSameOrderHoweverListed() {
    List<String> reversed = TextCleaner.ruleNames().stream().sorted().toList();
    String raw = "``No'' &mdash; <newline> **she** said .";

    assertThat(TextCleaner.of(reversed).clean(raw, TextSide.STORY))
        .isEqualTo(cleaner.clean(raw, TextSide.STORY));
  }

  @Test
  void aRuleThatIsOffLeavesTextAlone() {
    assertThat(TextCleaner.of(List.of("whitespace")).clean("*a*  b", TextSide.STORY))
        .isEqualTo("*a* b");
    assertThat(TextCleaner.of(List.of()).clean(" a ", TextSide.STORY)).isEqualTo(" a ");
  }

  @Test
  void anObserverIsToldWhatEachRuleDoes() {
    List<String> told = new ArrayList<>();
    cleaner.clean(
        "*a*  b", TextSide.STORY, (rule, from, to) -> told.add(rule + ": " + from + " > " + to));

    assertThat(told).containsExactly("whitespace: *a*  b > *a* b", "markdown: *a* b > a b");
  }

  @Test
  void anUnknownRuleIsRefusedByName() {
    assertThatThrownBy(() -> TextCleaner.of(List.of("spelling")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("unknown cleaning rule spelling")
        .hasMessageContaining("whitespace");
  }
}
