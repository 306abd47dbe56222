package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.settings.ReferenceSettings.Setting;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.filter.TextFilter;

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
  void whatIsSecretSaysSo() {
    assertThat(ReferenceSettings.read().settings())
        .filteredOn(Setting::secret)
        .extracting(Setting::key)
        .containsExactly("notify.command");
    assertThat(ReferenceSettings.read().setting("notify.command").description())
        .startsWith("What bin/nightly runs")
        .endsWith("Nothing is run where it is empty.");
  }

  @Test
  void everyCleaningRuleCanBeSwitchedOff() {
    assertThat(switches("text.clean."))
        .containsExactlyInAnyOrderElementsOf(TextCleaner.ruleNames());
  }

  @Test
  void everyRejectionRuleCanBeSwitchedOff() {
    assertThat(switches("text.drop.")).containsExactlyInAnyOrderElementsOf(TextFilter.ruleNames());
  }

  /** The keys below a prefix that are truth values. */
  private static List<String> switches(String prefix) {
    return ReferenceSettings.read().settings().stream()
        .filter(setting -> setting.range().words().equals("true or false"))
        .map(Setting::key)
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .toList();
  }
}
