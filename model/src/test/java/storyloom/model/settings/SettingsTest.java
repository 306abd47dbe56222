package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.text.clean.TextCleaner;

class SettingsTest {

  @TempDir private Path directory;

  @Test
  void withoutAnythingElseTheDefaultsHold() {
    Settings settings = Settings.load(Optional.empty(), List.of());

    assertThat(settings.all()).isEqualTo(Settings.defaults().all());
    assertThat(settings.changed()).isEmpty();
    assertThat(settings.integer("train.epochs")).isEqualTo(10);
    assertThat(settings.whole("train.seed")).isEqualTo(1);
    assertThat(settings.number("train.clip")).isEqualTo(5);
    assertThat(settings.number("train.learning-rate")).isEqualTo(1e-3);
    assertThat(settings.flag("text.lowercase")).isTrue();
    assertThat(settings.text("corpus.path")).isEqualTo("data");
  }

  @Test
  void aFileGoesOverTheDefaultsAndSingleValuesOverBoth() throws IOException {
    Settings settings = load("train { epochs = 3, batch = 8 }", "train.batch=16");

    assertThat(settings.changed())
        .containsExactly(entry("train.batch", "16"), entry("train.epochs", "3"));
  }

  @Test
  void theLastSingleValueWins() {
    assertThat(set("train.batch=8", "train.batch=9").integer("train.batch")).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../shared/data/roc",
        "hdfs://x:9000/y",
        "a=b",
        "s3a://b/{a,b}*.gz",
        "x # y",
        "${}"
      })
  void singleValuesArePlainText(String value) {
    assertThat(set("corpus.path=" + value).text("corpus.path")).isEqualTo(value);
  }

  @Test
  void neitherSystemPropertiesNorTheEnvironmentAreRead() throws IOException {
    System.setProperty("train.epochs", "99");
    try {
      assertThat(load("train.batch = 3").integer("train.epochs")).isEqualTo(10);
      assertRefused(() -> load("corpus.path = ${PATH}"), "PATH", "run.conf");
    } finally {
      System.clearProperty("train.epochs");
    }
  }

  @Test
  void substitutionsSeeTheFileAndTheDefaults() throws IOException {
    Settings settings = load("home = \"hdfs://x/y\"\ncorpus.path = ${home}/${corpus.format}");

    assertThat(settings.text("corpus.path")).isEqualTo("hdfs://x/y/auto");
  }

  @Test
  void aFileMayBeNamedByAHadoopUri() throws IOException {
    Path file = Files.writeString(directory.resolve("run.conf"), "train.epochs = 4");

    assertThat(Settings.load(Optional.of(file.toUri().toString()), List.of()).all())
        .containsEntry("train.epochs", "4");
    assertRefused(
        () -> Settings.load(Optional.of(file.toUri() + ".gone"), List.of()),
        "there is no configuration file file:///",
        "run.conf.gone");
  }

  @Test
  void jsonIsReadToo() throws IOException {
    assertThat(load("{\"train\": {\"clip\": 1}}").changed())
        .containsExactly(entry("train.clip", "1.0"));
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
    assertThatThrownBy(() -> set("train.epoch=3"))
        .isInstanceOf(UserException.class)
        .hasMessage("unknown setting train.epoch; did you mean train.epochs?")
        .extracting("status")
        .isEqualTo(2);
    assertRefused(
        () -> load("home = a\nembedding = 3"), "did you mean model.embedding?", "run.conf: 2");
  }

  @Test
  void aGroupIsNotASetting() {
    assertRefused(
        () -> load("train = 3"), "train is a group of settings: set one of them, such as train.");
    assertRefused(
        () -> load("train.epochs { x = 3 }"), "train.epochs takes one value, not a group");
  }

  @Test
  void aValueOutOfRangeIsRefusedWithKeyValueAndRange() {
    assertThatThrownBy(() -> set("train.epochs=0"))
        .hasMessage("train.epochs must be a whole number from 1 to 10000, not \"0\"");
    assertThatThrownBy(() -> Settings.defaults().with("model.dropout", "much"))
        .hasMessage("model.dropout must be a number from 0 to 0.95, not \"much\"");
    assertThatThrownBy(() -> set("decode.strategy=beem"))
        .hasMessage("decode.strategy must be greedy or beam or sample, not \"beem\"");
    assertThatThrownBy(() -> set("model.adaptive-softmax=8000,2000"))
        .hasMessage(
            "model.adaptive-softmax must be ascending whole numbers from 1 on with commas between"
                + " them, or nothing, not \"8000,2000\"");
    assertRefused(() -> load("train.epochs = -1"), "train.epochs", "-1", "run.conf: 1");
  }

  @Test
  void listsAndNothingAreNotValues() {
    assertRefused(() -> load("corpus.path = [a, b]"), "corpus.path", "list", "run.conf: 1");
    assertRefused(() -> load("corpus.path = null"), "corpus.path has no value", "run.conf: 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.epochs", "=3", ""})
  void aSingleValueWithoutKeyOrSignIsRefused(String keyValue) {
    assertRefused(() -> set(keyValue), "--set takes key=value");
  }

  @Test
  void aMissingOrMalformedFileIsRefusedByName() {
    assertRefused(
        () -> Settings.load(Optional.of("conf/gone.conf"), List.of()),
        "there is no configuration file conf/gone.conf");
    assertRefused(
        () -> Settings.load(Optional.of(directory.toString()), List.of()), directory.toString());
    assertRefused(() -> load("train {\n epochs = "), "run.conf: 2");
  }

  @Test
  void cleaningRulesThatAreOnStandInTheOrderInWhichTheyAreApplied() {
    assertThat(Settings.defaults().textSettings().rules()).isEqualTo(TextCleaner.ruleNames());
    assertThat(set("text.clean.html=false").textSettings().rules())
        .hasSize(Settings.defaults().textSettings().rules().size() - 1)
        .doesNotContain("html");
  }

  @Test
  void ascendingNumbersAreReadAsSuch() {
    assertThat(Settings.defaults().integers("model.adaptive-softmax")).isEmpty();
    assertThat(set("model.adaptive-softmax=2000, 8000").integers("model.adaptive-softmax"))
        .containsExactly(2000, 8000);
    assertThat(set("model.adaptive-softmax=").integers("model.adaptive-softmax")).isEmpty();
  }

  @Test
  void textSettingsCarryTheLimits() {
    assertThat(set("text.max-story-tokens=7").textSettings().maxStoryTokens()).isEqualTo(7);
  }

  @Test
  void aWindowHoldsASentenceAtLeast() {
    assertThatThrownBy(
            () -> set("text.long-stories=windows", "text.max-story-tokens=15").textSettings())
        .isInstanceOf(UserException.class)
        .hasMessage(
            "text.max-story-tokens must be at least 16 where text.long-stories is windows, so that a window holds a sentence, not 15");
    assertThat(
            set("text.long-stories=windows", "text.max-story-tokens=16")
                .textSettings()
                .tokensAtOnce())
        .isEqualTo(16);
  }

  @Test
  void ofASecretIsRecordedWhetherItIsSet() {
    Settings settings = set("notify.command=curl https://hooks.example.org/T0/B0");

    assertThat(settings.recorded()).containsEntry("notify.command", "set");
    assertThat(Settings.recorded(settings.changed()))
        .containsExactly(entry("notify.command", "set"));
    assertThat(Settings.defaults().recorded()).containsEntry("notify.command", "not set");
    assertThat(settings.text("notify.command")).isEqualTo("curl https://hooks.example.org/T0/B0");
  }

  @Test
  void addressesAreRecordedWithoutUserInformation() {
    assertThat(set("corpus.path=ftp://ann:pw@host/a").recorded())
        .containsEntry("corpus.path", "ftp://host/a");
  }

  @Test
  void allElseIsRecordedAsItIs() {
    SortedMap<String, String> all = new TreeMap<>(Settings.defaults().all());
    all.replace("notify.command", "not set");

    assertThat(Settings.defaults().recorded()).isEqualTo(all);
  }

  @Test
  void whatIsRecordedIsRecordedAgainAsItIs() {
    Settings settings = set("notify.command=x", "corpus.path=ftp://ann:pw@host/a");

    assertThat(Settings.recorded(settings.recorded())).isEqualTo(settings.recorded());
    assertThat(Settings.recorded(Settings.defaults().recorded()))
        .isEqualTo(Settings.defaults().recorded());
  }

  @Test
  void aKeyThatTheProgramMisspellsIsABug() {
    assertThatThrownBy(() -> Settings.defaults().text("train.epoch"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("train.epoch");
    assertThatThrownBy(() -> Settings.defaults().flag("home"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Settings set(String... keyValues) {
    return Settings.load(Optional.empty(), List.of(keyValues));
  }

  private Settings load(String configuration, String... keyValues) throws IOException {
    Path file = Files.writeString(directory.resolve("run.conf"), configuration);
    return Settings.load(Optional.of(file.toString()), List.of(keyValues));
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void whatACorpusLosesIsASettingToo() {
    Settings settings =
        Settings.load(
            Optional.empty(), List.of("text.drop.deleted=false", "text.drop.max-story-words=0"));

    assertThat(Settings.defaults().rejectionSettings().rules()).contains("deleted");
    assertThat(settings.rejectionSettings().rules()).doesNotContain("deleted");
    assertThat(settings.rejectionSettings().story().most()).isZero();
  }
}
