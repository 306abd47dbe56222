package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.settings.ReferenceSettings.Setting;

class ReferenceSettingsTest {

  @Test
  void everyKeyHasACommentAndARangeThatHoldsItsDefault() {
    assertThat(ReferenceSettings.read().settings())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            setting -> {
              assertThat(setting.description()).as(setting.key()).isNotBlank();
              assertThat(setting.range().canonical(setting.defaultValue()))
                  .as(setting.key())
                  .contains(setting.defaultValue());
            });
  }

  @Test
  void theFileLevelCommentBelongsToNoKey() {
    assertThat(ReferenceSettings.read().setting("home").description()).startsWith("Where models/");
  }

  @Test
  void settingsStandInTheOrderOfTheFile() {
    List<String> keys = ReferenceSettings.read().settings().stream().map(Setting::key).toList();

    assertThat(keys).startsWith("home", "corpus.path", "corpus.format");
    assertThat(keys).containsSubsequence("text.tokenizer", "model.embedding", "decode.seed");
  }
}
