package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  @Test
  void kernelsAreTimedOneByOne() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // another build may be measuring

    assertThat(run("kernels", "--filter", "Attention.*softmax", "--milliseconds", "1")).isZero();

    JsonNode figures =
        new ObjectMapper().readTree(out.toString().lines().skip(2).findFirst().get());
    assertThat(figures.get("threads").asInt()).isEqualTo(1);
    assertThat(figures.get("kernels").fieldNames())
        .toIterable()
        .containsExactly("Attention.softmax", "Attention.softmaxBackward");
    assertThat(figures.get("kernels").get("Attention.softmax").get("microseconds").asDouble())
        .isPositive();
    assertThat(out.toString().lines().findFirst().get()).matches("Attention.softmax +[0-9.]+ µs.*");
  }

  @Test
  void aFilterThatFindsNoKernelIsAUsageError() {
    assertThat(run("kernels", "--filter", "sonnet")).isEqualTo(2);
    assertThat(run("kernels", "--filter", "(")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "bin/bench kernels: --filter finds no kernel: sonnet",
            "bin/bench kernels: --filter must be a regular expression, not (");
  }

  @Test
  void dl4jsOwnLayersAreTimedAsOursAre() throws Exception {
    String[] pairs = new String[12];
    Arrays.fill(pairs, "{\"prompt\": [4, 5], \"story\": [6, 7, 8]}");
    String ids = Files.write(folder.resolve("ids"), List.of(pairs)).toString();
    String[] ours = {
      "step",
      "--ids",
      ids,
      "--valid",
      ids,
      "--vocabulary",
      "10",
      "--embedding",
      "4",
      "--hidden",
      "4",
      "--batch",
      "1"
    };
    String[] stock = Arrays.copyOf(ours, ours.length + 1);
    stock[ours.length] = "--stock";

    assertThat(run(ours)).isZero();
    assertThat(run(stock)).isZero();

    List<JsonNode> figures = new ArrayList<>();
    for (String line : out.toString().lines().filter(line -> line.startsWith("{")).toList()) {
      figures.add(new ObjectMapper().readTree(line));
    }
    assertThat(figures).hasSize(2);
    assertThat(figures.get(1).fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> figures.get(0).fieldNames());
    assertThat(figures.get(1).get("losses")).hasSize(12);
    assertThat(figures.get(1).get("valid_perplexity").asDouble()).isBetween(1.0, 10.0);
  }

  @Test
  void dl4jsOwnLayersRefuseWhatTheyCannotExpress() {
    assertThat(run("step", "--ids", "data/none", "--stock", "--tied")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("bin/bench step: --stock goes without --adaptive, --bf16, --dropout");
  }

  private int run(String... arguments) {
    CommandLine commandLine =
        Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
