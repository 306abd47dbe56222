package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import storyloom.model.decode.DecodeSettings.Strategy;

/**
 * The jars as users run them, on a real standalone cluster: a master, two workers and two executors
 * in JVMs of their own, started by {@code bin/spark-cluster}.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandaloneClusterIT {

  /** What generate.jar says before it writes stories. */
  private static final Pattern PROMPTS_COUNTED = Pattern.compile("[0-9,]+ prompts, model .*");

  @TempDir static Path folder;

  private TestCluster cluster;
  private BinCommand.Ended trained;

  @BeforeAll
  void trainOnTheCluster() throws Exception {
    cluster = TestCluster.start(folder, 2);
    trained =
        cluster.run(
            "train.jar",
            "--set",
            "home=" + folder.resolve("home"),
            "--set",
            "corpus.path=" + BinCommand.ROOT.resolve("data"),
            "--set",
            "model.embedding=16",
            "--set",
            "model.hidden=32",
            "--set",
            "train.epochs=2",
            "--set",
            "train.batch=32",
            "--set",
            "train.workers=2",
            "--set",
            "train.learning-rate=0.01");
    assertThat(trained.status()).as(trained.err()).isZero();
  }

  @AfterAll
  void stopTheCluster() throws Exception {
    cluster.close();
  }

  @Test
  void trainingRunsOnTwoExecutorsAndLeavesABundle() throws Exception {
    String version = trained.lastLine().get("model").asText();
    assertThat(folder.resolve("home/models").resolve(version).resolve("weights.safetensors"))
        .isRegularFile();
    assertThat(Files.readString(folder.resolve("home/models/current")).strip()).isEqualTo(version);
    JsonNode bundle =
        new ObjectMapper()
            .readTree(
                folder.resolve("home/models").resolve(version).resolve("bundle.json").toFile());
    assertThat(bundle.get("provenance").get("workers").asInt()).isEqualTo(2);
    assertThat(trained.err()).doesNotContain("memoryOverhead"); // there are no containers
    assertThat(trained.lastLine().get("valid_perplexity").asDouble()).isBetween(1.0, 10.0);
    try (Stream<Path> left = Files.list(folder.resolve("home"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("models", "prepared", "runs");
    }
  }

  @Test
  void sampledStoriesAreThoseOfOneProcessThoughAnExecutorIsKilled() throws Exception {
    assertStoriesAreThoseOfOneProcess(Strategy.SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLE")
  @Tag("soak")
  void otherStoriesAreThoseOfOneProcessThoughAnExecutorIsKilled(Strategy strategy)
      throws Exception {
    assertStoriesAreThoseOfOneProcess(strategy);
  }

  private void assertStoriesAreThoseOfOneProcess(Strategy strategy) throws Exception {
    Path home = folder.resolve("home");
    Path prompts = BinCommand.ROOT.resolve("data/prompts.parquet");
    Path output = folder.resolve(strategy.label());
    String[] how = {"--strategy", strategy.label(), "--max-tokens", "40"};
    List<String> arguments = new ArrayList<>(List.of(how));
    arguments.addAll(List.of("--input", prompts.toString(), "--output", output.toString()));
    arguments.addAll(List.of("--set", "home=" + home));
    try (BinCommand generating =
        cluster.submit(FaultOptions.of("longest-delay=2000"), "generate.jar", arguments)) {
      generating.awaitLines(PROMPTS_COUNTED, 1);
      cluster.executor(1).orElseThrow().destroyForcibly();

      BinCommand.Ended generated = generating.ended();
      assertThat(generated.status()).as(generated.err()).isZero();
      assertThat(generated.err()).contains("Lost executor");
      assertThat(generated.lastLine().get("rows").asLong()).isEqualTo(200);
    }
    assertThat(output.resolve("_SUCCESS")).exists();
    Path here = folder.resolve(strategy.label() + "-here");
    assertThat(CommandOutput.read(output))
        .isEqualTo(CommandOutput.stories(home, prompts, here, "7", how));
  }

  @Test
  void aMistakeIsOneLineAndAStatus() throws Exception {
    BinCommand.Ended refused = cluster.run("train.jar", "--set", "train.epoch=3");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("train.epochs").doesNotContain("\tat ");
  }
}
