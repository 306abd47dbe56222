package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingRangeTest {

  @ParameterizedTest
  @CsvSource({
    "text, ., hdfs://x/y",
    "text, ., a b",
    "integer, 1, -9223372036854775808",
    "true | false, true, false",
    "a | b | c, a, c",
    "a, a, a",
    "1..10, 3, 1",
    "1..10, 3, 10",
    "-5..-1, -3, -5",
    "0..0.95, 0.2, 0.0",
    "0.0000001..10, 0.001, 1.0E-7",
    "1..10 | slots, 8, 3",
    "1..10 | slots, 8, slots",
    "ascending numbers, '', ''",
    "ascending numbers, '', 7",
    "ascending numbers, '', '2000,8000'",
    "tree, {}, '{\"model.hidden\":[8,16]}'",
  })
  void valuesInsideAreAcceptedAsTheyAre(String form, String defaultValue, String value) {
    assertThat(SettingRange.parse(form, defaultValue).canonical(value)).contains(value);
  }

  @ParameterizedTest
  @CsvSource({
    "text, ., '  '",
    "integer, 1, 9223372036854775808",
    "integer, 1, 1.0",
    "true | false, true, yes",
    "a | b | c, a, A",
    "1..10, 3, 0",
    "1..10 | slots, 8, 11",
    "1..10 | slots, 8, slot",
    "1..10, 3, 11",
    "1..10, 3, 2.0",
    "1..10, 3, ''",
    "0..0.95, 0.2, 0.951",
    "0..0.95, 0.2, NaN",
    "0..0.95, 0.2, 1e999999999",
    "tree, {}, '[1]'",
    "tree, {}, 'a = 1'",
    "tree, {}, '{include file(\"x\")}'",
    "ascending numbers, '', 0",
    "ascending numbers, '', '8000,2000'",
    "ascending numbers, '', '2000,2000'",
    "ascending numbers, '', '2000,'",
    "ascending numbers, '', '2000;8000'",
    "ascending numbers, '', '2000,9999999999'",
  })
  void valuesOutsideAreRefused(String form, String defaultValue, String value) {
    assertThat(SettingRange.parse(form, defaultValue).canonical(value)).isEmpty();
  }

  @Test
  void oneValueHasOneSpelling() {
    assertThat(SettingRange.parse("1..10", "3").canonical("007")).contains("7");
    assertThat(SettingRange.parse("1..10", "3.0").canonical("5")).contains("5.0");
    assertThat(SettingRange.parse("0..1", "0.1").canonical("5e-1")).contains("0.5");
    assertThat(SettingRange.parse("ascending numbers", "").canonical(" 07, 8 ")).contains("7,8");
    assertThat(SettingRange.parse("ascending numbers", "").canonical(" ")).contains("");
    assertThat(SettingRange.parse("words", "").canonical(" damn, hell ")).contains("damn,hell");
    assertThat(SettingRange.parse("words", "").canonical(" ")).contains("");
    assertThat(SettingRange.parse("words", "").canonical("damn,,hell")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a | | b", "a |", "1..", "1...5", "low..high"})
  void aFormThatIsNotListedIsRefused(String form) {
    assertThatThrownBy(() -> SettingRange.parse(form, "1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
