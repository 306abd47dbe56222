package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import storyloom.jobs.cli.CommandRunner.Failure;
import storyloom.model.UserException;

final class FailureTest {

  @Test
  void mistakeOfTheUserKeepsItsStatusAndItsLine() {
    Failure failure = Failure.of(UserException.usage("unknown setting train.epoch"));

    assertThat(failure).isEqualTo(new Failure(2, "unknown setting train.epoch", true));
  }

  @Test
  void anAddressIsShownWithoutItsPassword() {
    Failure failure = Failure.of(UserException.data("cannot read ftp://ann:pw@host/a: gone"));

    assertThat(failure.line()).isEqualTo("cannot read ftp://host/a: gone");
  }

  @Test
  void whateverStandsInAMessageItIsShownInOneLineOfBoundedLength() {
    String message = "a\nerror: forged\u001B[2J\u202E" + "x".repeat(1_000_000);

    for (Exception thrown :
        new Exception[] {
          UserException.data(message),
          new IllegalStateException(message),
          new SparkException("x: storyloom.model.UserException: b\u001B" + message, null)
        }) {
      assertThat(Failure.of(thrown).line())
          .hasSizeLessThan(5000)
          .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
    }
  }

  @Test
  void mistakeFoundByAnExecutorIsReportedLikeOneFoundByTheDriver() {
    UserException mistake = UserException.data("shard-00000.bin is damaged");

    Failure failure = Failure.of(new SparkException("Job aborted due to stage failure", mistake));

    assertThat(failure).isEqualTo(new Failure(3, "shard-00000.bin is damaged", true));
  }

  @Test
  void mistakeThatSparkOnlyQuotesIsStillOneLine() {
    String quoted =
        "Job aborted: Lost task 0.3 in stage 2.0 (TID 7): storyloom.model.UserException:"
            + " a.bin is damaged; delete it\n\tat storyloom.pipeline.X.call(X.java:1)\n";

    assertThat(Failure.of(new SparkException(quoted, null)))
        .isEqualTo(new Failure(3, "a.bin is damaged; delete it", true));
  }

  @Test
  void faultOfTheProgramIsNamedInOneLineAndLeftToTheLog() {
    Failure failure =
        Failure.of(new IllegalStateException("outer", new ArithmeticException("by zero\nindeed")));

    assertThat(failure.status()).isEqualTo(1);
    assertThat(failure.explained()).isFalse();
    assertThat(failure.line())
        .isEqualTo("java.lang.ArithmeticException: by zero (the stack trace is in the log)");
  }

  @Test
  void lackOfMemorySaysHowToGetMore() {
    Failure failure = Failure.of(new SparkException("x", new OutOfMemoryError("Java heap space")));

    assertThat(failure.status()).isEqualTo(1);
    assertThat(failure.line()).contains("Java heap space", "--driver-memory", "train.batch");
  }
}
