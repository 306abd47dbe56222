package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.bundle.Provenance;
import storyloom.model.settings.Settings;

class RecordedSettingsTest {

  private static Provenance trainedBy(String release) {
    return trainedBy(
        release,
        new TreeMap<>(
            Map.of(
                "train.batch", "64",
                "train.batch-tokens", "0",
                "train.outer-momentum", "0.0",
                "train.workers", "0")));
  }

  private static Provenance trainedBy(String release, SortedMap<String, String> settings) {
    return new Provenance(
        "c",
        "v",
        1,
        4,
        new TreeMap<>(Map.of("storyloom", release)),
        "unknown",
        Instant.EPOCH,
        null,
        "run",
        new TreeMap<>(),
        settings,
        new TreeMap<>());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.2.0"})
  void aBatchThatEachWorkerTookIsWhatAllOfThemTookTogether(String release) {
    assertThat(RecordedSettings.of(trainedBy(release), Settings.defaults()))
        .containsEntry("train.batch", "256")
        .containsEntry("train.batch-tokens", "0")
        .containsEntry("train.workers", "0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.2.0"})
  void anOuterMomentumThatWentByTheWorkersIsWhatItWas(String release) {
    assertThat(RecordedSettings.of(trainedBy(release), Settings.defaults()))
        .containsEntry("train.outer-momentum", "0.75");
  }

  @Test
  void whatThisReleaseRecordsStaysAsItIs() throws IOException {
    Matcher version =
        Pattern.compile("<version>([^<]+)</version>")
            .matcher(Files.readString(Path.of("../pom.xml")));
    assertThat(version.find()).isTrue();

    assertThat(RecordedSettings.of(trainedBy(version.group(1)), Settings.defaults()))
        .containsEntry("train.batch", "64")
        .containsEntry("train.outer-momentum", "0.0");
  }

  @Test
  void noSecretIsNeededOrTakenFromTheRecord() {
    Settings own = Settings.defaults().with("notify.command", "curl https://hooks.example.org/T0");
    SortedMap<String, String> recorded = trainedBy("0.3.0", own.all()).settings();

    assertThat(recorded).containsEntry("notify.command", "set");
    assertThat(RecordedSettings.of(trainedBy("0.3.0", own.all()), own))
        .doesNotContainKey("notify.command")
        .hasSize(recorded.size() - 1);
  }

  @Test
  void thePasswordOfTheSameAddressIsTheGivenOne() {
    Provenance recorded =
        trainedBy(
            "0.3.0", Settings.defaults().with("corpus.path", "ftp://ann:old@host/corpus").all());

    assertThat(path(recorded, "ftp://ann:new@host/corpus")).isEqualTo("ftp://ann:new@host/corpus");
    assertThat(path(recorded, "ftp://ann:new@host/other")).isEqualTo("ftp://host/corpus");
    assertThat(path(recorded, "data")).isEqualTo("ftp://host/corpus");
  }

  private static String path(Provenance recorded, String given) {
    return RecordedSettings.of(recorded, Settings.defaults().with("corpus.path", given))
        .get("corpus.path");
  }
}
