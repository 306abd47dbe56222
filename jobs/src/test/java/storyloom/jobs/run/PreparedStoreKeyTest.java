package storyloom.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.settings.Settings;

class PreparedStoreKeyTest {

  private static final Settings SETTINGS = Settings.defaults();

  @Test
  void keysAreNamesOfFolders() {
    assertThat(PreparedStore.Key.of(SETTINGS, "aa", 2, "").name())
        .matches("[0-9a-f]{32}")
        .isEqualTo(PreparedStore.Key.of(SETTINGS, "aa", 2, "").name());
  }

  @Test
  void anotherVocabularyIsAnotherKeyMadeOfTheSame() {
    PreparedStore.Key key = PreparedStore.Key.of(SETTINGS, "aa", 2, "");
    PreparedStore.Key other = PreparedStore.Key.of(SETTINGS, "aa", 2, "bb");

    assertThat(other.name()).isNotEqualTo(key.name());
    assertThat(other.madeOf()).isEqualTo(key.madeOf());
  }

  @Test
  void anotherContentOrNumberOfWorkersIsAnotherKey() {
    String madeOf = PreparedStore.Key.of(SETTINGS, "aa", 2, "").madeOf();

    assertThat(PreparedStore.Key.of(SETTINGS, "ab", 2, "").madeOf()).isNotEqualTo(madeOf);
    assertThat(PreparedStore.Key.of(SETTINGS, "aa", 3, "").madeOf()).isNotEqualTo(madeOf);
  }

  @ParameterizedTest
  @CsvSource({
    "corpus.valid-share, 0.1",
    "text.min-count, 3",
    "text.max-story-tokens, 100",
    "text.long-stories, windows",
    "text.clean.html, false",
    "model.copy, true"
  })
  void anotherSettingThatDecidesIdsIsAnotherKey(String setting, String value) {
    assertThat(PreparedStore.Key.of(SETTINGS.with(setting, value), "aa", 2, "").madeOf())
        .isNotEqualTo(PreparedStore.Key.of(SETTINGS, "aa", 2, "").madeOf());
  }

  @ParameterizedTest
  @CsvSource({"train.seed, 2", "model.hidden, 8", "train.batch-tokens, 4000", "home, elsewhere"})
  void anotherSettingOfTheTrainingIsTheSameKey(String setting, String value) {
    assertThat(PreparedStore.Key.of(SETTINGS.with(setting, value), "aa", 2, ""))
        .isEqualTo(PreparedStore.Key.of(SETTINGS, "aa", 2, ""));
  }
}
