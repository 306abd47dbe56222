package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void grammarWritesACorpus() {
    assertThat(run("grammar", "--out", folder.resolve("new").toString(), "--pairs", "50")).isZero();

    assertThat(out.toString()).contains("50 training, 3 validation and 2 test pairs");
    assertThat(folder.resolve("new/train.wp_source")).isRegularFile();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void grammarReplacesFilesOnlyWhenToldTo() throws Exception {
    Path kept = Files.writeString(folder.resolve("valid.wp_target"), "mine");

    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "50")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "bin/bench grammar: "
                + kept
                + " exists; give --overwrite to replace it, or another --out");
    assertThat(kept).hasContent("mine");

    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "50", "--overwrite")).isZero();
    assertThat(Files.readAllLines(kept)).hasSize(3);
  }

  @Test
  void anOutputThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(run("grammar", "--out", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("bin/bench grammar: --out must be a folder, but " + file + " is a file");
  }

  @Test
  void aNumberOutOfRangeIsRefusedByName() {
    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "0")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("bin/bench grammar: --pairs must be at least 1, not 0");
  }

  @Test
  void anUnknownOptionIsAUsageErrorOfOneLine() {
    assertThat(run("grammar", "--sead", "1")).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("bin/bench grammar: ")
        .contains("--sead");
  }

  @Test
  void aMissingOrUnknownBenchmarkIsAUsageError() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("grammer")).isEqualTo(2);
  }

  @Test
  void theStackTraceIsShownOnlyWhenAskedFor() {
    run("grammar", "--pairs", "0");
    assertThat(err.toString()).doesNotContain("UserException");

    run("grammar", "--pairs", "0", "--verbose");
    assertThat(err.toString()).contains("UserException").contains("\tat ");
  }

  private int run(String... arguments) {
    CommandLine commandLine =
        Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
