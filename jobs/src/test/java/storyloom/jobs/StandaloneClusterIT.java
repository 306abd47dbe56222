package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jars as users run them, on a real standalone cluster: a master, two workers and two executors
 * in JVMs of their own, started by {@code bin/spark-cluster}.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StandaloneClusterIT {

  private static final Path ROOT = Path.of(System.getProperty("storyloom.root"));
  private static final long PATIENCE_MINUTES = 8;

  @TempDir static Path folder;

  private String master;

  /** What a finished command said. */
  private record Ended(int status, List<String> out, String err) {

    JsonNode lastLine() throws IOException {
      return new ObjectMapper().readTree(out.get(out.size() - 1));
    }
  }

  private static Ended run(String command, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of(ROOT.resolve("bin").resolve(command).toString()));
    line.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(ROOT.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("STORYLOOM_CLUSTER_DIR", folder.resolve("cluster").toString());
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end:\n" + Files.readString(err));
    }
    return new Ended(process.exitValue(), Files.readAllLines(out), Files.readString(err));
  }

  @BeforeAll
  void startTheCluster() throws Exception {
    Ended started = run("spark-cluster", "start", "2", "--memory", "2g");
    assertThat(started.status()).as(started.err()).isZero();
    master =
        started.out().stream()
            .filter(line -> line.startsWith("spark://"))
            .findFirst()
            .orElseThrow();
  }

  @AfterAll
  void stopTheCluster() throws Exception {
    run("spark-cluster", "stop");
  }

  private Ended submit(String jar, String... arguments) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("--master", master, ROOT.resolve("jobs").resolve(jar).toString()));
    line.addAll(List.of(arguments));
    return run("spark-submit", line.toArray(String[]::new));
  }

  @Test
  @Order(1)
  void trainingRunsOnTwoExecutorsAndLeavesABundle() throws Exception {
    Ended trained =
        submit(
            "train.jar",
            "--set",
            "home=" + folder.resolve("home"),
            "--set",
            "corpus.path=" + ROOT.resolve("data"),
            "--set",
            "model.embedding=16",
            "--set",
            "model.hidden=32",
            "--set",
            "train.epochs=2",
            "--set",
            "train.batch=16",
            "--set",
            "train.learning-rate=0.01");

    assertThat(trained.status()).as(trained.err()).isZero();
    String version = trained.lastLine().get("model").asText();
    assertThat(folder.resolve("home/models").resolve(version).resolve("weights.safetensors"))
        .isRegularFile();
    assertThat(Files.readString(folder.resolve("home/models/current")).strip()).isEqualTo(version);
    JsonNode bundle =
        new ObjectMapper()
            .readTree(
                folder.resolve("home/models").resolve(version).resolve("bundle.json").toFile());
    assertThat(bundle.get("provenance").get("workers").asInt()).isEqualTo(2);
    assertThat(trained.lastLine().get("valid_perplexity").asDouble()).isBetween(1.0, 10.0);
    try (Stream<Path> left = Files.list(folder.resolve("home"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .isSubsetOf("models", "prepared", "runs");
    }
  }

  @Test
  @Order(2)
  void storiesAreWrittenForEveryPrompt() throws Exception {
    Path output = folder.resolve("stories.parquet");
    Ended generated =
        submit(
            "generate.jar",
            "--set",
            "home=" + folder.resolve("home"),
            "--input",
            ROOT.resolve("data/prompts.parquet").toString(),
            "--output",
            output.toString());

    assertThat(generated.status()).as(generated.err()).isZero();
    assertThat(generated.lastLine().get("rows").asLong()).isEqualTo(200);
    assertThat(output.resolve("_SUCCESS")).exists();
  }

  @Test
  @Order(3)
  void aMistakeIsOneLineAndAStatus() throws Exception {
    Ended refused = submit("train.jar", "--set", "train.epoch=3");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("train.epochs").doesNotContain("\tat ");
  }
}
