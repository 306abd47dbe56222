package storyloom.pipeline.corpus.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {

  @Test
  void anExcerptBeginsAndEndsNearTheChange() {
    String before = "Once upon a time there was a *king* who had three sons and a daughter.";

    Excerpt excerpt = Excerpt.ofChange(before, before.replace("*", ""));

    assertThat(excerpt.before()).isEqualTo("…a time there was a *king* who had three sons …");
    assertThat(excerpt.after()).isEqualTo("…a time there was a king who had three sons …");
  }

  @Test
  void aLongChangeIsCut() {
    Excerpt excerpt = Excerpt.ofChange("a " + "b".repeat(100_000) + " c", "a c");

    assertThat(excerpt.before()).startsWith("a bbb").endsWith("b…").hasSize(161);
    assertThat(excerpt.after()).isEqualTo("a c");
  }

  @Test
  void aWholePairKeepsItsLinesButNotTheEndsOfVeryLongTexts() {
    assertThat(Excerpt.ofWhole("a\\n\u200B", "b\n\nc")).isEqualTo("a\\n\\u200B\n\nb\n\nc");
    assertThat(Excerpt.ofWhole("a", "b".repeat(50_000) + "c".repeat(50_000)))
        .hasSize(3 + 2000 + 2)
        .contains("bb… cc")
        .endsWith("cc");
  }

  @Test
  void aTextThatIsGoneLeavesNothing() {
    assertThat(Excerpt.ofChange("***", "").after()).isEmpty();
  }

  @Test
  void halvesOfSurrogatePairsAreEscaped() {
    assertThat(Excerpt.ofPair("\uD83D", "\uD83D\uDE00")).isEqualTo("\\uD83D | \uD83D\uDE00");
  }

  @Test
  void aCutDoesNotTearACharacter() {
    String faces = "\uD83D\uDE00".repeat(100);

    assertThat(Excerpt.ofPair("x" + faces, "")).doesNotContain("\\u");
  }
}
