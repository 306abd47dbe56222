package storyloom.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProseTest {

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
    assertThat(Prose.finish("{a} " + words + ".")).isEqualTo(expected);
  }

  @Test
  void everySentenceStartsWithACapitalLetter() {
    assertThat(Prose.finish("the end. <newline> \"go home,\" said {a} elf. why? so. well, yes"))
        .isEqualTo("The end. <newline> \"Go home,\" said an elf. Why? So. Well, yes");
  }

  @Test
  void spacesAreSingle() {
    assertThat(Prose.finish(" one.  two.   ")).isEqualTo("One. Two.");
  }

  @Test
  void paragraphBreaksAreNotWords() {
    assertThat(Prose.words("One two. <newline> Three.")).isEqualTo(3);
  }
}
