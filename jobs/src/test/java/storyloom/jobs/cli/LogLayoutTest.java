package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** What conf/log4j2.properties makes of texts from outside. */
final class LogLayoutTest {

  private static String logged(String message, Throwable thrown) throws IOException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of("../conf/log4j2.properties"))) {
      file.load(reader);
    }
    String prefix = "appender.stderr.layout.";
    return PatternLayout.newBuilder()
        .withPattern(file.getProperty(prefix + "pattern"))
        .withAlwaysWriteExceptions(
            Boolean.parseBoolean(file.getProperty(prefix + "alwaysWriteExceptions", "true")))
        .build()
        .toSerializable(
            Log4jLogEvent.newBuilder()
                .setLevel(Level.WARN)
                .setLoggerName("storyloom.model.Registry")
                .setMessage(new SimpleMessage(message))
                .setThrown(thrown)
                .build());
  }

  @Test
  void aMessageStaysOneLine() throws IOException {
    assertThat(logged("a\r\n12:00:00 INFO forged\u2028\u001B[2J\u202Eb", null))
        .matches(
            "\\d\\d:\\d\\d:\\d\\d WARN  Registry: a 12:00:00 INFO forged \\[2J b"
                + System.lineSeparator());
  }

  @Test
  void honestTextIsLeftAsItIs() throws IOException {
    String text = "می\u200Cخواهم, 👨\u200D👩\u200D👧, e\u0301, c:\\temp {a} %m";

    assertThat(logged(text, null)).endsWith("Registry: " + text + System.lineSeparator());
  }

  @Test
  void theLinesOfAnExceptionAreIndentedSoThatNoneLooksLikeALogLine() throws IOException {
    Exception thrown =
        new IllegalStateException("a\n12:00:00 INFO forged\r\u001B[2J", new IOException("b\u202E"));

    assertThat(logged("failed", thrown).lines().skip(1))
        .allMatch(line -> line.startsWith("  "))
        .noneMatch(line -> line.matches(".*[\\p{Cc}\\p{Cf}&&[^\\t]].*"))
        .contains("  java.lang.IllegalStateException: a", "  12:00:00 INFO forged [2J")
        .anyMatch(line -> line.startsWith("  \tat storyloom.jobs.cli.LogLayoutTest."))
        .anyMatch(line -> line.startsWith("  Caused by: java.io.IOException: b"));
  }
}
