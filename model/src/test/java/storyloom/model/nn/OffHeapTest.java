package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory off the heap, watched in a process of its own: see {@link OffHeapWatch}. */
class OffHeapTest {

  /**
   * One array left open in each fit or each score would come to twice this. Views, which own no
   * numbers, do wait for the collector, and come to less than half of this.
   */
  private static final long FLAT = 6_000_000;

  private record Sample(long resident, long counted) {
    static Sample parse(String line) {
      String[] bytes = line.split(" ");
      return new Sample(Long.parseLong(bytes[0]), Long.parseLong(bytes[1]));
    }
  }

  private static List<Sample> epochs;
  private static List<Sample> graphs;

  @BeforeAll
  static void watch(@TempDir Path folder) throws IOException, InterruptedException {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms200m",
                "-Xmx200m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.nd4j.noarraygc=true",
                "-Dorg.bytedeco.javacpp.maxbytes=1g",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=4g",
                "-cp",
                System.getProperty("java.class.path"),
                OffHeapWatch.class.getName())
            .redirectOutput(out)
            .redirectError(err);
    // so that what is freed is given back to the system at once
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "32768");
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue())
        .as(Files.readString(err.toPath(), StandardCharsets.UTF_8))
        .isZero();
    List<Sample> samples = Files.readAllLines(out.toPath()).stream().map(Sample::parse).toList();
    epochs = samples.subList(0, OffHeapWatch.EPOCHS);
    graphs = samples.subList(OffHeapWatch.EPOCHS, OffHeapWatch.EPOCHS + OffHeapWatch.GRAPHS);
  }

  @Test
  void memoryStaysFlatOverTenEpochsOfFittingAndScoring() {
    long second = epochs.get(1).resident();

    assertThat(epochs.get(OffHeapWatch.EPOCHS - 1).resident())
        .as("%s", epochs)
        .isLessThan(second + FLAT);
    assertThat(epochs).allMatch(sample -> sample.counted() < FLAT);
  }

  @Test
  void closingAGraphFreesIt() {
    assertThat(graphs.get(OffHeapWatch.GRAPHS - 1).resident())
        .as("%s", graphs)
        .isLessThan(graphs.get(1).resident() + FLAT);
  }
}
