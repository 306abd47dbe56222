package storyloom.model.text.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.UserException;

class VocabularyTest {

  private static final String SPECIAL = "0\t<pad>\t0\n1\t<OOV>\t0\n2\t<start>\t0\n3\t<end>\t0\n";

  @Test
  void wordsStandByCountThenByCodePoint() {
    Vocabulary vocabulary =
        Vocabulary.build(Map.of("b", 2L, "a", 2L, "z", 9L, "\uFFEE", 1L, "😀", 1L), 1, 100);

    assertThat(vocabulary.entries().stream().map(TokenCount::token))
        .containsExactly("<pad>", "<OOV>", "<start>", "<end>", "z", "a", "b", "\uFFEE", "😀");
    assertThat(vocabulary.id("z")).isEqualTo(Vocabulary.FIRST_WORD);
    assertThat(vocabulary.count(4)).isEqualTo(9);
  }

  @Test
  void rareWordsAndThoseBeyondTheLimitAreUnknown() {
    Vocabulary vocabulary = Vocabulary.build(Map.of("a", 5L, "b", 4L, "c", 3L, "d", 1L), 2, 6);

    assertThat(vocabulary.size()).isEqualTo(6);
    assertThat(vocabulary.id("b")).isEqualTo(5);
    assertThat(vocabulary.id("c")).isEqualTo(Vocabulary.OOV);
    assertThat(vocabulary.id("d")).isEqualTo(Vocabulary.OOV);
  }

  @Test
  void specialTokensNeverMatchFromText() {
    Vocabulary without = Vocabulary.build(Map.of("a", 1L), 1, 100);
    Vocabulary with = Vocabulary.build(Map.of("<end>", 1L), 1, 100);

    assertThat(without.id("<end>")).isEqualTo(Vocabulary.OOV);
    assertThat(without.id("<pad>")).isEqualTo(Vocabulary.OOV);
    assertThat(with.id("<end>")).isEqualTo(Vocabulary.FIRST_WORD);
    assertThat(with.isSpecial(Vocabulary.END)).isTrue();
    assertThat(with.isSpecial(Vocabulary.FIRST_WORD)).isFalse();
  }

  @Test
  void theFileHoldsIdTokenAndCountAndComesBack() throws IOException {
    Vocabulary vocabulary =
        Vocabulary.build(
            List.of(
                new TokenCount("tab\there", 3),
                new TokenCount("a\nb\\n", 2),
                new TokenCount("é\r", 1)),
            1,
            100);

    assertThat(written(vocabulary))
        .isEqualTo(SPECIAL + "4\ttab\\there\t3\n5\ta\\nb\\\\n\t2\n6\té\r\t1\n");
    Vocabulary back = read(written(vocabulary));
    assertThat(back.entries()).isEqualTo(vocabulary.entries());
    assertThat(back.sha256()).isEqualTo(vocabulary.sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void orderInTheFileIsKept() throws IOException {
    assertThat(read(SPECIAL + "4\told\t1\n5\tnew\t7\n").id("new")).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4\\ta\\t1\\n6\\tb\\t1\\n | line 6 has the id 6 where 5 is due",
        "4\\ta\\n                 | line 5 has 2 columns instead of id, token, count",
        "4\\ta\\tmany\\n          | line 5 cannot be read",
        "4\\ta\\t-1\\n            | line 5 cannot be read",
        "4\\t\\\\x\\t1\\n         | line 5 cannot be read: only",
        "4\\ta\\t1\\n5\\ta\\t1\\n | the token 'a' stands twice"
      })
  void aDamagedFileIsRefusedByNameAndLine(String rows, String message) {
    assertThatThrownBy(() -> read(SPECIAL + rows.translateEscapes()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("models/1/vocabulary.tsv")
        .hasMessageContaining(message);
  }

  @Test
  void aFileWithoutTheSpecialTokensIsRefused() {
    assertThatThrownBy(() -> read("0\ta\t1\n")).hasMessageContaining("id 0 must be <pad>");
    assertThatThrownBy(() -> read("")).hasMessageContaining("special tokens are missing");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() {
    byte[] bytes = {'0', '\t', (byte) 0xFF, '\t', '0', '\n'};

    assertThatThrownBy(() -> Vocabulary.read(new ByteArrayInputStream(bytes), "v.tsv"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("v.tsv")
        .hasMessageContaining("UTF-8");
  }

  @Test
  void growthKeepsAllIdsAndAppendsWhatIsNewUpToTheLimit() {
    Vocabulary old = Vocabulary.build(Map.of("fox", 7L, "owl", 5L), 1, 10);
    Vocabulary counted = Vocabulary.build(Map.of("elk", 9L, "fox", 8L, "yak", 3L), 1, 10);

    assertThat(old.grownBy(counted, 10).entries().subList(0, 6)).isEqualTo(old.entries());
    assertThat(old.grownBy(counted, 10).token(6)).isEqualTo("elk");
    assertThat(old.grownBy(counted, 10).size()).isEqualTo(8);
    assertThat(old.grownBy(counted, 7).size()).isEqualTo(7);
    assertThat(old.grownBy(counted, 5)).extracting(Vocabulary::size).isEqualTo(6);
  }

  private static String written(Vocabulary vocabulary) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    vocabulary.write(out);
    return out.toString(UTF_8);
  }

  private static Vocabulary read(String tsv) throws IOException {
    return Vocabulary.read(
        new ByteArrayInputStream(tsv.getBytes(UTF_8)), "models/1/vocabulary.tsv");
  }
}
