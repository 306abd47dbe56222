package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of bin/ run where bash is 3.2 and the tools are those of BSD, as on macOS. */
final class ScriptsTest {

  private static final Path BIN = Path.of("../bin").toAbsolutePath().normalize();

  /** What bash 3.2 does not know, or takes for something else under set -u. */
  private static final Map<String, Pattern> NEWER_BASH =
      Map.of(
          "mapfile, readarray", Pattern.compile("\\b(mapfile|readarray)\\b"),
          "associative arrays and references",
              Pattern.compile("\\b(declare|local|typeset) +-[A-Za-z]*[AngG]"),
          "changes of case", Pattern.compile("\\$\\{\\w+(\\[[^]]*])?(,|\\^)"),
          "expansions such as ${x@Q}", Pattern.compile("\\$\\{\\w+@[A-Za-z]}"),
          "|& and &>>", Pattern.compile("\\|&|&>>"),
          ";& and ;;&", Pattern.compile(";&|;;&"),
          "printf %(…)T", Pattern.compile("%\\([^)]*\\)T"),
          "tests of a variable by -v", Pattern.compile("\\[\\[ +(! +)?-v "),
          "negative indices", Pattern.compile("\\$\\{\\w+\\[-"),
          // an array without elements is unbound there: ${a[@]+"${a[@]}"}
          "all of an array that may be empty",
              Pattern.compile("(?<!\\[@]\\+)\"\\$\\{\\w+\\[@]}\""));

  /** What tools of GNU alone understand. */
  private static final Map<String, Pattern> GNU_TOOLS =
      Map.of(
          "readlink -f, realpath, nproc, tac, timeout",
              Pattern.compile("\\breadlink +-[a-z]|(^|[|(;&] *)(realpath|nproc|tac|timeout)\\b"),
          "sed -i, -r and words", Pattern.compile("\\bsed +(-\\w*[irsz]|--)"),
          "a } of sed without ; before it", Pattern.compile("\\bsed\\b[^|]*'[^']*[a-z]}"),
          "date -d and words", Pattern.compile("\\bdate +(-u +)?(-d|--|-I)"),
          "stat", Pattern.compile("(^|[|(;&] *|\\$\\()stat +-"),
          "grep -P", Pattern.compile("\\bgrep +-\\w*P"),
          "sort -V, xargs -r and -d", Pattern.compile("\\bsort +-\\w*V|\\bxargs +-\\w*[rd]\\b"),
          "find -printf and -regextype", Pattern.compile("-(printf|regextype)\\b"),
          "head and tail of negative numbers", Pattern.compile("\\bhead +(-n *|-c *)-"),
          "cp, mv and ln with words or -t",
              Pattern.compile("\\b(cp|mv|ln|rm|mkdir) +(--[a-z]|-\\w*[tT]\\b)"));

  @TempDir Path folder;

  static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(BIN)) {
      List<Path> scripts =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(".xml"))
              .sorted()
              .toList();
      assertThat(scripts).hasSizeGreaterThan(8);
      return scripts;
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyLineIsUnderstoodByBash32AndByToolsOfBsd(Path script) throws IOException {
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(script)) {
      found.addAll(faults(line));
    }
    assertThat(found).isEmpty();
  }

  private static List<String> faults(String line) {
    return line.strip().startsWith("#")
        ? List.of()
        : Stream.of(NEWER_BASH, GNU_TOOLS)
            .flatMap(rules -> rules.entrySet().stream())
            .filter(rule -> rule.getValue().matcher(line).find())
            .map(rule -> rule.getKey() + ": " + line.strip())
            .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mapfile -t lines < file",
        "  local -A counts",
        "x=\"${name^^}\"",
        "command |& tee log",
        "exec java \"${options[@]}\" x",
        "[[ -v HOME ]]",
        "echo \"${words[-1]}\"",
        "here=\"$(readlink -f x)\"",
        "sed -i s/a/b/ file",
        "sed -n '/a/{s/b/c/;p}' file",
        "now=\"$(date -d yesterday)\"",
        "size=\"$(stat -c %s file)\"",
        "threads=\"$(nproc)\"",
        "grep -oP x",
        "find . -printf %f",
        "head -n -1 file"
      })
  void whatOthersDoNotUnderstandIsFound(String line) {
    assertThat(faults(line)).hasSize(1);
  }

  /** bash takes the last one and says nothing. */
  @ParameterizedTest
  @MethodSource("scripts")
  void noFunctionIsDefinedTwice(Path script) throws IOException {
    List<String> functions =
        Pattern.compile("(?m)^(\\w+)\\(\\)")
            .matcher(Files.readString(script))
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(functions).doesNotHaveDuplicates();
  }

  @Test
  void shellcheckHasNothingToSay() throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("shellcheck", "-x", "--severity=warning"));
    scripts().forEach(script -> line.add(script.toString()));
    Path out = folder.resolve("out");
    Process process = null;
    try {
      process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    } catch (IOException absent) {
      assumeTrue(false, "bin/ is not looked at by shellcheck, which is not on the PATH");
    }
    assertThat(process.waitFor()).as(Files.readString(out)).isZero();
  }

  @Test
  void aScriptFindsItsProjectByAChainOfLinks() throws IOException, InterruptedException {
    Path first = Files.createSymbolicLink(folder.resolve("first"), BIN.resolve("spark-cluster"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());

    assertThat(status(second, "--help")).isZero();
    assertThat(folder.resolve("out")).content().startsWith("Usage: bin/spark-cluster start N");
  }

  /** Before a Spark is looked for, or brought. */
  @Test
  void whoseJarIsNotBuiltIsToldHowToBuildIt() throws IOException, InterruptedException {
    assertThat(status(BIN.resolve("spark-submit"), "--class", "a.B", "elsewhere/jobs/tune.jar"))
        .isEqualTo(2);
    assertThat(folder.resolve("out"))
        .content()
        .startsWith("There is no elsewhere/jobs/tune.jar: mvn -DskipTests package builds")
        .hasLineCount(1);
  }

  /** Runs a command to its end; what it says stands in the file out. */
  private int status(Path command, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start()
        .waitFor();
  }
}
