package storyloom.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpanderTest {

  private Expander expander;

  @BeforeEach
  void readGrammar() {
    GrammarReader reader = new GrammarReader();
    reader.read(
        "test.txt",
        List.of(
            "table hero | they | wish",
            "  fox | he | find {hero.they}",
            "rule colour",
            "  red",
            "  blue",
            "rule coat",
            "  {colour} coat"));
    Grammar grammar = reader.grammar();
    expander = new Expander(grammar, grammar.rows("hero").get(0), new Random(1));
  }

  @Test
  void aBoundVariableIsTheSameWhereverItIsNamed() {
    assertThat(expander.expand("the {hero}, a {hero}: {hero.they}", 0))
        .isEqualTo("the fox, a fox: he");
  }

  @Test
  void cellsMayHoldSymbols() {
    assertThat(expander.expand("{hero.wish}", 0)).isEqualTo("find he");
  }

  @Test
  void aRuleIsDrawnAnewEachTime() {
    assertThat(expander.expand("{coat} ".repeat(50), 0)).contains("red coat").contains("blue coat");
  }

  @Test
  void severalAlternativesAreAllDifferent() {
    assertThat(expander.expand("{colour*}", 2).split(" ")).containsExactlyInAnyOrder("red", "blue");
    assertThat(expander.expand("{colour*}", 0)).isEmpty();
    assertThatThrownBy(() -> expander.expand("{colour*}", 3))
        .hasMessage("the grammar has 2 alternatives of colour, not 3");
  }

  @Test
  void anUnboundTableIsAnErrorThatNamesIt() {
    Grammar grammar = new Grammar(Map.of("greeting", List.of("{hero}")), Map.of());

    assertThatThrownBy(() -> new Expander(grammar, Map.of(), new Random(1)).expand("{greeting}", 0))
        .hasMessage("the grammar has no rule hero");
  }

  @ParameterizedTest
  @CsvSource({
    "fox, A fox.",
    "owl, An owl.",
    "hourglass, An hourglass.",
    "unicorn, A unicorn.",
    "umbrella, An umbrella.",
    "uninvited guest, An uninvited guest.",
    "old fox, An old fox.",
    "one-eyed owl, A one-eyed owl.",
    "honest thief, An honest thief.",
    "harp, A harp.",
    "useful axe, A useful axe."
  })
  void theArticleAgreesWithTheSoundThatFollows(String words, String expected) {
    assertThat(Expander.finish("{a} " + words + ".")).isEqualTo(expected);
  }

  @Test
  void everySentenceStartsWithACapitalLetter() {
    assertThat(Expander.finish("the end. <newline> \"go home,\" said {a} elf. why? so. well, yes"))
        .isEqualTo("The end. <newline> \"Go home,\" said an elf. Why? So. Well, yes");
  }

  @Test
  void spacesAreSingle() {
    assertThat(Expander.finish(" one.  two.   ")).isEqualTo("One. Two.");
  }
}
