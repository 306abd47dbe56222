package storyloom.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "\0",
        "\33",
        "\b",
        "\177",
        "\u0085",
        "\u009B",
        "\u2028",
        "\u2029",
        "\u00A0",
        "\u2028\r\n\t\33\33 \n"
      })
  void whatEndsALineOrSteersATerminalBecomesOneSpace(String text) {
    assertThat(OneLine.of("a" + text + "b")).isEqualTo("a b");
    assertThat(OneLine.of(text + "a" + text)).isEqualTo("a");
  }

  @Test
  void anEscapeSequenceIsTextWithoutItsEscape() {
    assertThat(OneLine.of("\u001B[2J\u001B]0;title\u0007done \u001B[31mred\u001B[0m"))
        .isEqualTo("[2J ]0;title done [31mred [0m");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00AD, 0x061C, 0x115F, 0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E,
        0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xFEFF, 0xFFF9, 0xE0001, 0xE0041
      })
  void whatIsNotSeenAndMovesOrHidesOthersIsLeftOut(int c) {
    assertThat(OneLine.of("ab" + Character.toString(c) + "cd")).isEqualTo("abcd");
  }

  @Test
  void aFileNameIsNotTurnedRound() {
    assertThat(OneLine.of("story\u202Egnp.exe")).isEqualTo("storygnp.exe");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xD83D, 0xDE00, 0xE000, 0x0378, 0xFFFF, 0x10FFFF})
  void whatNoFontCanShowIsReplaced(int c) {
    assertThat(OneLine.of("a" + Character.toString(c) + "b")).isEqualTo("a\uFFFDb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a dragon — “naïve”, 3 < 4 & \\n",
        "ملك له ثلاثة أبناء، و٣ بنات",
        "מֶלֶךְ וּמַלְכָּה",
        "می\u200Cخواهم",
        "क्\u200Dष नमस्ते",
        "王様と魔法使い、が\u3099",
        "e\u0301",
        "👨\u200D👩\u200D👧\u200D👦 ❤\uFE0F 🇩🇪 👍🏽",
        "\u0600١٢"
      })
  void honestTextStaysAsItIs(String text) {
    assertThat(OneLine.of(text)).isEqualTo(text);
  }

  @Test
  void aTextWithNothingToSeeIsEmpty() {
    assertThat(OneLine.of("")).isEmpty();
    assertThat(OneLine.of(" \n\u202E\u0000\u200B ")).isEmpty();
  }

  @Test
  void aMillionCharactersEndInAnEllipsis() {
    assertThat(OneLine.of("a".repeat(1_000_000))).isEqualTo("a".repeat(400) + "…");
    assertThat(OneLine.of("\n\u202E".repeat(500_000) + "end")).isEqualTo("end");
  }

  @Test
  void onlyWhatIsCutHasAnEllipsis() {
    String full = "a".repeat(400);

    assertThat(OneLine.of(full + "\r\n\u202E")).isEqualTo(full);
    assertThat(OneLine.of(full + "\r\nb")).isEqualTo(full + "…");
  }

  @Test
  void aCutDoesNotTearACharacter() {
    assertThat(OneLine.of("😀".repeat(1000))).isEqualTo("😀".repeat(400) + "…");
  }

  @Test
  void aWholeLineKeepsItsSpacesHoweverLongItIs() {
    assertThat(OneLine.whole("  a\tb   c\u00A0d\n\u001B\u202E e"))
        .isEqualTo("  a\tb   c\u00A0d   e");
    assertThat(OneLine.whole("a".repeat(100_000))).hasSize(100_000);
    assertThat(OneLine.whole("\uD83D👩\u200D👧")).isEqualTo("\uFFFD👩\u200D👧");
  }

  @Test
  void whatIsShownTwiceIsShownAsOnce() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      String text =
          random
              .ints(random.nextInt(800), 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String line = OneLine.of(text);

      assertThat(OneLine.of(line)).isEqualTo(line);
      assertThat(line).doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}]");
    }
  }
}
