package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;

/** What a settings file may hold besides settings: nothing that is loaded, and no bombs. */
@Timeout(60)
class SettingsFileTest {

  @TempDir private Path directory;

  private Settings load(String configuration) throws IOException {
    Path file = Files.writeString(directory.resolve("run.conf"), configuration);
    return Settings.load(Optional.of(file.toString()), List.of());
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String configuration) {
    return assertThatThrownBy(() -> load(configuration))
        .isInstanceOf(UserException.class)
        .satisfies(
            thrown ->
                assertThat(thrown.getMessage())
                    .contains("run.conf")
                    .hasLineCount(1)
                    .hasSizeLessThan(1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"FOLDER/other.conf\"",
        "include \"FOLDER/other\"",
        "include \"file:FOLDER/other.conf\"",
        "include file(\"FOLDER/other.conf\")",
        "include url(\"file:FOLDER/other.conf\")",
        "include classpath(\"storyloom/model/settings/reference.conf\")",
        "include required(\"FOLDER/other.conf\")",
        "include required(file(\"FOLDER/other.conf\"))",
        "include required(url(\"file:FOLDER/other.conf\"))",
        "include required(classpath(\"storyloom/model/settings/reference.conf\"))",
        "include file(\"FOLDER/gone.conf\")",
        "include url(\"http://localhost:1/other.conf\")",
        "train { include \"FOLDER/train.conf\" }",
        "train { include file(\"FOLDER/train.conf\") }",
      })
  void noFormOfIncludeIsLoaded(String include) throws IOException {
    Files.writeString(directory.resolve("other.conf"), "train.epochs = 7");
    Files.writeString(directory.resolve("train.conf"), "epochs = 7");

    assertRefused(include.replace("FOLDER", directory.toString()))
        .hasMessageContainingAll("\"include\" is not supported", "write the settings of");
  }

  @Test
  void anIncludeOfNoAddressIsRefusedToo() {
    assertRefused("include url(\"nowhere\")")
        .hasMessageContainingAll("run.conf: 1", "include url()");
  }

  static Stream<String> nested() {
    int depth = 20_000;
    return Stream.of(
        "train " + "{ x ".repeat(depth) + "= 1" + "}".repeat(depth),
        "{".repeat(depth),
        "{\"x\":".repeat(depth) + "1" + "}".repeat(depth),
        "home = " + "[".repeat(depth) + "]".repeat(depth),
        "home = " + "[".repeat(depth),
        "x" + ".x".repeat(depth) + " = 1",
        "home = ${x" + ".x".repeat(depth) + "}",
        "train { x = ${train" + ".x".repeat(depth) + "} }");
  }

  @ParameterizedTest
  @MethodSource("nested")
  void whatIsNestedTooDeepEndsInOneLine(String configuration) {
    assertRefused(configuration);
  }

  static Stream<String> bombs() {
    return Stream.of(
        "home = 0123456789\n" + "home = ${home}${home}\n".repeat(40),
        "home = \"\"\n" + "home = ${home}${home}\n".repeat(40),
        chain("a%d = ${a%d}${a%d}", "a0 = 0123456789", 40),
        chain("a%d { p = ${a%d}, q = ${a%d} }", "a0 { x = 1 }", 40),
        chain("a%d = ${a%d} ${a%d}", "a0 = [1]", 40),
        "corpus.path = x\n" + "home = ${corpus.path}" + "${corpus.path}".repeat(15_000),
        "home += x\n".repeat(20_000));
  }

  private static String chain(String step, String start, int steps) {
    return IntStream.rangeClosed(1, steps)
        .mapToObj(i -> step.formatted(i, i - 1, i - 1))
        .collect(Collectors.joining("\n", start + "\n", "\n"));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void substitutionsThatMultiplyAreCounted(String configuration) {
    assertRefused(configuration)
        .hasMessageContainingAll("substitutions (${…} or +=)", "write some of them out");
  }

  /** The largest bombs that are let through. */
  static Stream<String> firecrackers() {
    return Stream.of(
        "home = 0123456789\n" + "home = ${home}${home}${home}\n".repeat(9) + "x = 1",
        "home = 0123456789\n" + "home = ${home}${home}\n".repeat(14) + "x = 1",
        chain("a%d { p = ${a%d}, q = ${a%d} }", "a0 { x = 1 }", 13),
        chain("a%d = ${a%d}{ x%<d = 1 }", "a0 { x = 1 }", 26),
        "x = ${y}\ny = ${x}",
        "home = ${x}",
        "home = ${train}");
  }

  @ParameterizedTest
  @MethodSource("firecrackers")
  void fewSubstitutionsEndSoonWhateverTheyDo(String configuration) {
    assertRefused(configuration).hasMessageNotContaining("write some of them out");
  }

  @Test
  void substitutionsInManyOfTheSettingsAreFine() throws IOException {
    String file =
        """
        home = "hdfs://namenode/storyloom"
        corpus.path = ${home}/corpus
        metrics.file = ${home}/metrics.prom
        serve.tokens-file = ${home}/tokens
        notify.command = ${metrics.file}" and "${serve.tokens-file}
        train.mlflow-experiment = ${corpus.path}
        train.seed = 7
        decode.seed = ${train.seed}
        """;

    assertThat(load(file).text("notify.command"))
        .isEqualTo("hdfs://namenode/storyloom/metrics.prom and hdfs://namenode/storyloom/tokens");
    assertThat(load(file).whole("decode.seed")).isEqualTo(7);
  }

  @Test
  void aFileOfAnotherKindIsNotReadToItsEnd() throws IOException {
    assertRefused("once upon a time\n".repeat(100_000))
        .hasMessageContainingAll("is no configuration file", "256 KiB");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "train.epochs" = 3               | write train.epochs without them
          {"train.epochs": 3}              | in JSON {"train": {"epochs": …}}
          {"text.clean.html": false}       | in JSON {"text": {"clean": {"html": …}}}
          "text.clean".html = false        | write text.clean without them
          text."clean.html" = false        | write text.clean.html without them
          "text.clean" { html = false }    | write text.clean without them
          "train.epoch" = 3                | write train.epochs without them
          """)
  void aDotWithinQuotesIsExplained(String configuration, String remedy) {
    assertRefused(configuration)
        .hasMessageContainingAll("because of its quotes", remedy, "run.conf: 1");
  }

  @Test
  void quotesAroundSingleNamesChangeNothing() throws IOException {
    assertThat(load("\"train\".\"epochs\" = 3").integer("train.epochs")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.epochs = \"3\\n4\"",
        "train.epochs = \"\"\"3\n4\"\"\"",
        "train.epochs = \"3\\u001b[2J\\u202e\"",
        "\"train\\nepochs\" = 3",
        "\"\\u001b[2J\" = 3",
        "home = ${\"a\\nb\"}",
      })
  void whatAMessageShowsOfTheFileStaysInItsLine(String configuration) {
    assertRefused(configuration)
        .satisfies(
            thrown -> assertThat(thrown.getMessage()).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.epochs = \"%s\"", "%s = 1", "\"%s\" = 1", "train.%s = 1"})
  void whatAMessageShowsOfTheFileIsShort(String configuration) {
    assertRefused(configuration.formatted("x".repeat(100_000)));
  }

  /** Hadoop's local file system throws an error, no exception, where a disk is broken. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aBrokenDiskIsToldInOneLine() {
    assertThatThrownBy(() -> Settings.load(Optional.of("file:/proc/self/mem"), List.of()))
        .isInstanceOf(UserException.class)
        .hasMessage("cannot read file:/proc/self/mem: Input/output error");
  }

  @Test
  void aGroupIsNoValueEvenIfItIsEmpty() {
    assertRefused("train.epochs {}")
        .hasMessageContaining("train.epochs takes one value, not a group of settings");
  }

  @Test
  void aTreeIsHoconInAFileAndBecomesJson() throws IOException {
    Settings settings =
        load(
            """
            tune.space {
              model.hidden = [8, 16] # two sizes
              train.learning-rate = { from = 0.001, to = 0.1 }
            }
            """);

    assertThat(settings.text("tune.space"))
        .isEqualTo(
            "{\"model\":{\"hidden\":[8,16]},\"train\":{\"learning-rate\":{\"from\":0.001,\"to\":0.1}}}");
    assertRefused("tune.space = [1]");
    assertRefused("tune.space { a = ${tune.space} }");
  }
}
