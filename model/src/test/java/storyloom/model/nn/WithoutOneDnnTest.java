package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where there is no oneDNN, as on ARM, OpenBLAS does its work. */
class WithoutOneDnnTest {

  @Test
  void theGoldenValuesHoldWithoutOneDnn(@TempDir Path folder)
      throws IOException, InterruptedException {
    File out = folder.resolve("out").toFile();
    String withoutNatives =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(element -> !element.matches(".*[/\\\\]dnnl-[^/\\\\]*-(linux|macosx)-[^/\\\\]*"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(withoutNatives).contains("dnnl-"); // its classes are there
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                withoutNatives,
                GoldenWithoutOneDnn.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(out)
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(out.toPath())).isZero();
    assertThat(Files.readAllLines(out.toPath())).contains("12");
  }
}
