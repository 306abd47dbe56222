package storyloom.serve.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What the log shows of a failure. */
final class LoggedFailureTest {

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void messagesForgeNoLines() {
    IOException cause = new IOException("no\r\n2026-11-30 ERROR forged\u001B[2J");
    Exception failure = new IllegalStateException("a\nmodel\u202E", cause);

    String told = trace(LoggedFailure.of(failure));

    assertThat(told)
        .startsWith("java.lang.IllegalStateException: a model" + System.lineSeparator())
        .contains("Caused by: java.io.IOException: no 2026-11-30 ERROR forged [2J")
        .doesNotContain("\u001B", "\u202E");
  }

  @Test
  void theStackIsThatOfTheOriginal() {
    Exception failure = new IllegalStateException("a", new IOException("b"));

    LoggedFailure logged = LoggedFailure.of(failure);

    assertThat(logged.getStackTrace()).isEqualTo(failure.getStackTrace());
    assertThat(logged.getCause().getStackTrace()).isEqualTo(failure.getCause().getStackTrace());
  }

  @Test
  void causesThatGoInACircleComeToAnEnd() {
    Exception one = new IllegalStateException("one");
    Exception other = new IllegalStateException("other", one);
    one.initCause(other);

    assertThat(trace(LoggedFailure.of(one)).lines().filter(line -> line.startsWith("Caused by")))
        .hasSizeBetween(1, 20);
  }
}
