package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import storyloom.jobs.Commands;

final class ConsoleTest {

  private static final String HOSTILE = "a\r\n\u001B[2J\u2028\u202E  b";

  @Test
  void aLineStaysOneLineAndKeepsItsColumns() {
    assertThat(Commands.said(() -> Console.say("x   y " + HOSTILE)))
        .containsExactly("x   y a   [2J   b");
    assertThat(Commands.said(() -> Console.say("%-4s|%3d|%s", "a\n", 7, HOSTILE)))
        .containsExactly("a   |  7|a [2J b");
  }

  @Test
  void pathsOfTheGreatestLengthAreNotCut() {
    String path = "hdfs://namenode:8020/" + "a".repeat(4095);

    assertThat(Commands.said(() -> Console.say("it lies in %s", path)))
        .containsExactly("it lies in " + path);
  }

  @Test
  void textKeepsItsLinesAndNothingElseThatSteersATerminal() {
    assertThat(Commands.said(() -> Console.text("Story:\n  " + HOSTILE + "\n\n")))
        .containsExactly("Story:", "  a", " [2J   b", "");
  }

  @Test
  void jsonIsEscapedSoThatNothingIsLost() {
    assertThat(Commands.said(() -> Console.json(Map.of("model", HOSTILE + "é"))))
        .containsExactly("{\"model\":\"a\\r\\n\\u001B[2J\\u2028\\u202E  b\\u00E9\"}");
  }

  /** A line that is said goes above the status, whose cursor waits at its beginning. */
  @Test
  void aStatusOfSeveralLinesIsDrawnAgainInPlace() {
    String drawn = "\u001b[?7lone\ntwo\u001b[?7h\r\u001b[1A";
    String erased = "\r\u001b[J";

    assertThat(
            Commands.written(
                () -> {
                  Console.status(List.of("one", "two"));
                  Console.say("said");
                  Console.status("");
                }))
        .isEqualTo(drawn + erased + "said" + System.lineSeparator() + drawn + erased);
  }
}
