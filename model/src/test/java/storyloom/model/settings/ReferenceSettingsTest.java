package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.settings.ReferenceSettings.Setting;
import storyloom.model.text.TextCleaner;

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
  void everyCleaningRuleCanBeSwitchedOff() {
    List<String> rules =
        ReferenceSettings.read().settings().stream()
            .map(Setting::key)
            .filter(key -> key.startsWith("text.clean."))
            .map(key -> key.substring("text.clean.".length()))
            .toList();

    assertThat(rules).containsExactlyInAnyOrderElementsOf(TextCleaner.ruleNames());
  }
}
