package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights are the same to the last bit on one, two, three and four threads. */
class ThreadsTest {

  static Stream<Arguments> kernels() {
    String vectors = "--add-modules=jdk.incubator.vector";
    return Stream.of(
        Arguments.of("oneDNN", List.of(vectors), List.of()),
        Arguments.of("OpenBLAS", List.of(vectors, "-Dstoryloom.gemm=openblas"), List.of()),
        Arguments.of("no vectors", List.of(), List.of()),
        Arguments.of("bfloat16", List.of(vectors), List.of("bfloat16")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kernels")
  void theNumberOfThreadsLeavesNoTrace(
      String name, List<String> options, List<String> arguments, @TempDir Path folder)
      throws IOException, InterruptedException {
    Map<String, List<String>> digests =
        run(options, arguments, folder).stream()
            .map(line -> line.split("\t"))
            .collect(
                Collectors.groupingBy(
                    line -> line[0], Collectors.mapping(line -> line[2], Collectors.toList())));

    assertThat(digests.keySet()).isEqualTo(ThreadsTrace.models().keySet());
    assertThat(digests)
        .allSatisfy(
            (model, each) ->
                assertThat(each).hasSize(ThreadsTrace.MOST_THREADS).containsOnly(each.get(0)));
  }

  private static List<String> run(List<String> options, List<String> arguments, Path folder)
      throws IOException, InterruptedException {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of("-Dstoryloom.checks=true", "-cp", System.getProperty("java.class.path")));
    command.add(ThreadsTrace.class.getName());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectOutput(out).redirectError(err).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue())
        .as(Files.readString(err.toPath(), StandardCharsets.UTF_8))
        .isZero();
    return Files.readAllLines(out.toPath());
  }
}
