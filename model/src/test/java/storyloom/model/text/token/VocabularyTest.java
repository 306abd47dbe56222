package storyloom.model.text.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
  void marksHoldNeitherLettersNorDigits() {
    List<TokenCount> counts =
        Stream.of(".", "fox", "<join>", "3", "...", "\"", "élan", "don't")
            .map(token -> new TokenCount(token, 1))
            .toList();
    Vocabulary vocabulary = Vocabulary.build(counts, 1, 100);

    assertThat(vocabulary.marks())
        .extracting(vocabulary::token)
        .containsExactlyInAnyOrder(
            "<pad>", "<OOV>", "<start>", "<end>", ".", "<join>", "...", "\"");
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
        "4\\ta\\t1\\n6\\tb\\t1\\n | line 6 must have the id 5, not 6",
        "4\\ta\\n                 | line 5 must have three columns (id, token, count), not 2",
        "4\\ta\\t1\\t\\n           | line 5 must have three columns (id, token, count), not 4",
        "\\n                      | line 5 must have three columns (id, token, count), not 1",
        "4\\t\\t1\\n               | line 5 has no token",
        "4\\ta\\tmany\\n            | line 5 must have a whole number from 0 on as its count, not many",
        "4\\ta\\t-1\\n              | line 5 must have a whole number from 0 on as its count, not -1",
        "4\\ta\\t1.5\\n             | line 5 must have a whole number from 0 on as its count, not 1.5",
        "4\\ta\\t+1\\n              | line 5 must have a whole number from 0 on as its count, not +1",
        "4\\ta\\t9223372036854775808\\n | line 5 must have a whole number from 0 on as its count",
        "4\\t\\\\x\\t1\\n           | line 5 has a \\ that is none of the escapes",
        "4\\ta\\t1\\r\\n             | line 5 ends in CR LF, not in LF",
        "4\\ta\\t1\\n5\\ta\\t1\\n    | line 6 has the token of line 5 again: a",
      })
  void aDamagedFileIsRefusedByNameAndLine(String rows, String message) {
    assertThatThrownBy(() -> read(SPECIAL + rows.translateEscapes()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("models/1/vocabulary.tsv")
        .hasMessageContaining(message);
  }

  @Test
  void aFileWithoutTheSpecialTokensIsRefused() {
    assertThatThrownBy(() -> read("0\ta\t1\n"))
        .hasMessageContaining("line 1 has another token than <pad>");
    assertThatThrownBy(() -> read("0\t<pad>\t0\n")).hasMessageContaining("line 2 is missing");
    assertThatThrownBy(() -> read("")).hasMessageContaining("it is empty");
  }

  @Test
  void aByteOrderMarkIsNamed() {
    assertThatThrownBy(() -> read("\uFEFF" + SPECIAL))
        .hasMessageContaining("line 1 begins with a byte order mark");
  }

  @Test
  void aFaultIsToldInOneLine() {
    assertThatThrownBy(() -> read(SPECIAL + "4\ta\t\u001B[2J\u2028\u202Eforged\n"))
        .hasMessageContaining("not [2J forged;");
    assertThatThrownBy(() -> read("\t".repeat(1 << 21)))
        .hasMessageContaining("line 1 has more than 1,048,576 characters");
  }

  @Test
  void moreTokensThanAModelHasAreNotRead() {
    byte[] five = (SPECIAL + "4\ta\t1\n").getBytes(UTF_8);

    assertThatThrownBy(() -> Vocabulary.read(new ByteArrayInputStream(five), 4, "v.tsv"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("v.tsv is damaged: line 5 is one more than the 4 tokens");
  }

  @Test
  void aVocabularyOfTwoMillionTokensIsRead() throws IOException {
    byte[] file =
        IntStream.range(4, 2_000_000)
            .mapToObj(id -> id + "\ttoken" + id + "\t" + (3_000_000 - id) + "\n")
            .collect(Collectors.joining("", SPECIAL, ""))
            .getBytes(UTF_8);

    Vocabulary read = Vocabulary.read(new ByteArrayInputStream(file), 2_000_000, "v.tsv");

    assertThat(read.size()).isEqualTo(2_000_000);
    assertThat(read.id("token1999999")).isEqualTo(1_999_999);
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
