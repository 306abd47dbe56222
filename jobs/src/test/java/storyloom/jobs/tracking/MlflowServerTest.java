package storyloom.jobs.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static storyloom.jobs.Mistake.assertMistake;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.jobs.Commands;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

final class MlflowServerTest {

  private static Settings at(String uri) {
    return Settings.defaults().with("train.mlflow-uri", uri);
  }

  @Test
  void nothingIsReportedUnlessAServerIsNamed() {
    assertThat(MlflowTracking.Server.of(Settings.defaults())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://mlflow:5000", "https://mlflow.example.org/base/", "http://127.0.0.1"})
  void addressesOfServersAreTaken(String uri) {
    MlflowTracking.Server server = MlflowTracking.Server.of(at(uri)).orElseThrow();

    assertThat(server.uri()).isEqualTo(uri.replaceFirst("/$", ""));
    assertThat(server.experiment()).isEqualTo("storyloom");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlflow:5000", "databricks", "file:/mlruns", "http://", "http://a b"})
  void whatIsNoAddressIsNamedWithItsKey(String uri) {
    assertThatThrownBy(() -> MlflowTracking.Server.of(at(uri)))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("train.mlflow-uri must be the http or https address", uri)
        .extracting("status")
        .isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void aPasswordIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> MlflowTracking.Server.of(at("http://me:secret@mlflow:5000")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("MLFLOW_TRACKING_PASSWORD")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aWrongAddressIsRefusedBeforeTheCorpusIsLookedAt() {
    assertMistake(
        Commands.train("--set", "train.mlflow-uri=mlflow:5000", "--set", "corpus.path=nowhere"),
        ExitStatus.USAGE,
        "train.mlflow-uri",
        "mlflow:5000");
  }
}
