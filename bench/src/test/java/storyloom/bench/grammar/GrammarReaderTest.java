package storyloom.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrammarReaderTest {

  @Test
  void rulesAndTablesAreReadInOrder() {
    Grammar grammar =
        read(
            "# comment",
            "",
            "table hero | they",
            "  fox | he",
            "  owl | she",
            "rule greeting",
            "  good day, {hero}",
            "  hello, {hero.they}");

    assertThat(grammar.rows("hero"))
        .containsExactly(
            Map.of("hero", "fox", "hero.they", "he"), Map.of("hero", "owl", "hero.they", "she"));
    assertThat(grammar.alternatives("greeting"))
        .containsExactly("good day, {hero}", "hello, {hero.they}");
  }

  @Test
  void anUnknownSymbolIsNamedWithItsLine() {
    refuses(
        "test.txt line 4: unknown symbol {heron}; known are [a, greeting, hero]",
        "table hero",
        "  fox",
        "rule greeting",
        "  hello {heron}");
  }

  @Test
  void aRowOfAnotherWidthThanItsHeadingIsRefused() {
    refuses("test.txt line 2: expected 2 cells [hero, they], not 1", "table hero | they", "  fox");
  }

  @Test
  void aNameThatStandsTwiceIsRefused() {
    refuses(
        "test.txt line 3: hero stands twice in the grammar",
        "table hero",
        "  fox",
        "rule hero",
        "  owl");
  }

  @Test
  void aLineWithoutHeadingIsRefused() {
    refuses(
        "test.txt line 1: an indented line needs a heading above it: rule NAME, or table NAME | COLUMN",
        "  fox");
  }

  @Test
  void aHeadingThatIsNeitherRuleNorTableIsRefused() {
    refuses("test.txt line 1: expected rule NAME, or table NAME | COLUMN, not: heroes", "heroes");
  }

  @Test
  void aHeadingWithoutLinesIsRefused() {
    refuses("greeting has no lines below its heading", "rule greeting");
  }

  private static void refuses(String message, String... lines) {
    assertThatThrownBy(() -> read(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Grammar read(String... lines) {
    GrammarReader reader = new GrammarReader();
    reader.read("test.txt", List.of(lines));
    return reader.grammar();
  }
}
