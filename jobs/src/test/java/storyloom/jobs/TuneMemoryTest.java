package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;

/**
 * A search of which two trials need more memory than the JVM that runs all of them, two at a time,
 * may take: a real lack, in a process of its own.
 */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TuneMemoryTest {

  /**
   * A model of the width of the first takes about 1,600 MB, half of which is Adam's. Those of the
   * others take none worth naming.
   */
  private static final String SPACE = "tune.space={\"model.hidden\": [3072, 32, 24, 3071, 48, 16]}";

  private static final List<Integer> TOO_LARGE = List.of(1, 4);

  @TempDir static Path folder;

  private int status;
  private String out;
  private String err;
  private List<JsonNode> ends;

  @BeforeAll
  void search() throws IOException, InterruptedException {
    Path home = folder.resolve("home");
    Path corpus = SmallCorpus.write(folder.resolve("corpus"));
    for (String side : List.of("source", "target")) { // four prompts are too few to be ranked
      List<String> known = Files.readAllLines(corpus.resolve("train.wp_" + side));
      Files.write(corpus.resolve("valid.wp_" + side), known.subList(0, 12));
    }
    Path said = folder.resolve("out");
    Path remarked = folder.resolve("err");
    Process process =
        new ProcessBuilder(command(home, corpus))
            .directory(Files.createDirectory(folder.resolve("working")).toFile())
            .redirectOutput(said.toFile())
            .redirectError(remarked.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    status = process.exitValue();
    out = Files.readString(said);
    err = Files.readString(remarked);
    ends = TuningFiles.events(TuningFiles.record(home), "ended");
  }

  private static List<String> command(Path home, Path corpus) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-"))
        .forEach(line::add);
    line.addAll(
        List.of(
            "-Xmx600m",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=1400m",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-cp",
            System.getProperty("java.class.path"),
            TuneJob.class.getName()));
    line.addAll(
        List.of(
            SmallCorpus.training(
                home,
                corpus,
                "--set",
                SPACE,
                "--set",
                "tune.search=grid",
                "--set",
                "tune.objective=ranking",
                "--set",
                "tune.epochs=8",
                "--set",
                "corpus.drop.shared-prompt=false",
                "--set",
                "corpus.drop.shared-story=false",
                "--set",
                "decode.max-tokens=12")));
    return line;
  }

  @Test
  void aTrialThatRunsOutOfMemoryIsAResult() {
    assertThat(status).as("%s", err).isEqualTo(ExitStatus.DONE);
    assertThat(ends)
        .filteredOn(line -> TOO_LARGE.contains(line.get("trial").asInt()))
        .hasSize(2)
        .allSatisfy(
            line -> {
              assertThat(line.get("loss").isNull()).isTrue();
              assertThat(line.get("failure").asText()).startsWith("out of memory: ");
            });
  }

  /** Also to those trained or judged beside it, which find none either while it has all. */
  @Test
  void itsMemoryIsGivenBackToTheOthers() {
    assertThat(ends)
        .filteredOn(line -> !TOO_LARGE.contains(line.get("trial").asInt()))
        .hasSize(4)
        .allSatisfy(line -> assertThat(line.get("loss").isNumber()).as("%s", line).isTrue());
  }

  @Test
  void theReasonIsOneLineForPeople() {
    assertThat(out)
        .containsPattern("trial 1 of 6, epoch 8: out of memory: [^\\n]*; model.hidden=3072\\n");
    assertThat(out + err).doesNotContain("Exception", "Error", "\tat ", "Pointer");
  }
}
