package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.jobs.TrainJob;

/** How commands end where the process is the cluster's. */
final class OutcomeTest {

  private static final String DEPLOY_MODE = "spark.submit.deployMode";

  @BeforeEach
  void inClusterMode() {
    System.setProperty(DEPLOY_MODE, "cluster");
  }

  @AfterEach
  void inClientMode() {
    System.clearProperty(DEPLOY_MODE);
  }

  @Test
  void whatIsDoneReturns() {
    assertThatCode(() -> new Outcome(0, "").end()).doesNotThrowAnyException();
    assertThatCode(() -> TrainJob.main(new String[] {"--help"})).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | there is no key train.epoch | status 2, wrong argument, key or configuration: there is no key train.epoch",
        "4 | '' | status 4, trained, but the model was refused by the gate and is not the current one",
        "5 | '' | status 5, stopped with a checkpoint; --resume continues",
      })
  void whatIsNotDoneIsThrownInWords(int status, String reason, String words) {
    assertThatThrownBy(() -> new Outcome(status, reason).end())
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(words);
  }

  @Test
  void aMistakeIsThrownAsItsLine() {
    assertThatThrownBy(() -> TrainJob.main(new String[] {"--set", "train.epoch=3"}))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageStartingWith("status 2, wrong argument, key or configuration: ")
        .hasMessageContaining("train.epochs")
        .hasNoCause()
        .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
  }

  @Test
  void anUnknownOptionIsThrownAsItsLine() {
    assertThatThrownBy(() -> TrainJob.main(new String[] {"--bogus"}))
        .hasMessageContaining("Unknown option: '--bogus'");
  }

  @Test
  void anOptionThatSteersTerminalsIsThrownWithoutThat() {
    assertThatThrownBy(() -> TrainJob.main(new String[] {"--bogus=\u001b[31m\u202e x"}))
        .hasMessageContaining("--bogus=")
        .message()
        .doesNotContain("\u001b", "\u202e");
  }
}
