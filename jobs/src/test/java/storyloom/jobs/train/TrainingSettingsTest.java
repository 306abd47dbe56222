package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

final class TrainingSettingsTest {

  private static Settings settings(String... assignments) {
    return Settings.load(Optional.empty(), List.of(assignments));
  }

  private static Settings resumed(Settings given, Settings own) {
    return TrainingSettings.resumed(given, "20260101T000000-0000000a", own.all());
  }

  @Test
  void theRunsOwnSettingsHoldIfNothingIsSaid() {
    Settings own = settings("train.batch=16", "text.min-count=3", "train.max-minutes=5");

    Settings resumed = resumed(settings(), own);

    assertThat(resumed.integer("train.batch")).isEqualTo(16);
    assertThat(resumed.integer("text.min-count")).isEqualTo(3);
    assertThat(resumed.number("train.max-minutes")).isEqualTo(5);
  }

  @Test
  void whatOnlyEndsOrSavesATrainingMayBeSaidAnew() {
    Settings own = settings("train.max-minutes=5", "train.epochs=3");

    Settings resumed = resumed(settings("train.max-minutes=0", "train.epochs=10"), own);

    assertThat(resumed.number("train.max-minutes")).isZero();
    assertThat(resumed.integer("train.epochs")).isEqualTo(10);
  }

  @Test
  void whereATrainingIsReportedMayBeSaidAnew() {
    Settings own = settings("train.mlflow-uri=http://old:5000");

    assertThat(resumed(settings("train.mlflow-uri="), own).text("train.mlflow-uri")).isEmpty();
    assertThat(resumed(settings(), own).text("train.mlflow-uri")).isEqualTo("http://old:5000");
  }

  @Test
  void whatDecidedTheWeightsCannotBeChanged() {
    assertThatThrownBy(() -> resumed(settings("train.batch=64"), settings("train.batch=16")))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("train.batch is 16", "20260101T000000-0000000a", "not 64");
  }

  @Test
  void theSameSaidAgainIsFine() {
    Settings own = settings("train.batch=16", "corpus.path=/corpora/a");

    assertThat(resumed(settings("train.batch=16", "corpus.path=/corpora/a"), own).all())
        .isEqualTo(own.all());
  }

  @Test
  void theSecretIsTheOneThatIsGivenNow() {
    SortedMap<String, String> own =
        new TreeMap<>(settings("train.batch=16", "notify.command=old").all());
    own.remove("notify.command");

    assertThat(
            TrainingSettings.resumed(settings("notify.command=new"), "r", own)
                .text("notify.command"))
        .isEqualTo("new");
    assertThat(TrainingSettings.resumed(settings(), "r", own).text("notify.command")).isEmpty();
  }

  @Test
  void noPasswordIsToldOfSettingsThatDiffer() {
    assertThatThrownBy(
            () ->
                resumed(
                    settings("corpus.path=ftp://ann:new@host/b"),
                    settings("corpus.path=ftp://ann:old@host/a")))
        .hasMessageContainingAll("corpus.path is ftp://host/a", "not ftp://host/b");
  }
}
