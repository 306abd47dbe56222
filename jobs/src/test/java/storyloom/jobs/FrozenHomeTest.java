package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.ExitStatus;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Safetensors;
import storyloom.model.bundle.Weights;
import storyloom.model.files.Sha256;
import storyloom.model.text.token.TextSettings;
import storyloom.pipeline.generate.StoryGenerator;

/**
 * What 0.1.0 wrote still loads, and becomes what 0.1.0 itself made of it: a home in which a night
 * was stopped, and saved pipelines. How all of it was made stands in the README.md beside it.
 */
final class FrozenHomeTest {

  private static final String MODEL = "20261129T164214-65d52a0a";
  private static final String UNFINISHED = "20261129T164232-ad9717ff";
  private static final String PREPARED = "a3884ee038f6d3d0b99f2b3f4b0da646";

  private static final String OTHER_RULES =
      "its text was cleaned by rules of an unrecorded version, where this program has version 1";

  /** Kinds of processors round sums differently; here by less than 1e-6. */
  private static final double ROUNDING = 1e-4;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path folder;

  private static Path frozen;
  private static Path home;
  private static Commands.Result resumed;
  private static List<String> resumedJobs;

  @BeforeAll
  static void resumeInACopy() throws IOException, URISyntaxException {
    frozen =
        Path.of(FrozenHomeTest.class.getResource("/storyloom/frozen/0.1.0/README.md").toURI())
            .getParent();
    home = copiedHome();
    cleanAsToday(home);
    resumed = Commands.train("--set", "home=" + home, "--resume");
    resumedJobs = WatchedJobs.seen();
    assertThat(resumed.status()).as("%s", resumed.err()).isZero();
  }

  private static Path copiedHome() throws IOException {
    Path copy = Files.createTempDirectory(folder, "home");
    FileUtils.copyDirectory(frozen.resolve("home").toFile(), copy.toFile());
    return copy;
  }

  /** Has the checkpoints say that their text was cleaned by the rules of this program. */
  private static void cleanAsToday(Path home) throws IOException {
    Path checkpoints = home.resolve("checkpoints").resolve(UNFINISHED);
    for (String name : List.of("00004-00000000", "00004-00000002")) {
      Path checkpoint = checkpoints.resolve(name);
      Path description = checkpoint.resolve("bundle.json");
      String json = Files.readString(description);
      String before = Sha256.hex(json);
      String rules = "\"maxStoryTokens\" : 200";
      assertThat(json).contains("\"format\" : 3", rules);
      json =
          json.replace("\"format\" : 3", "\"format\" : 4")
              .replace(rules, rules + ", \"rulesVersion\" : " + TextSettings.RULES_VERSION);
      Files.writeString(description, json);
      Path sums = checkpoint.resolve("SHA256SUMS");
      Files.writeString(sums, Files.readString(sums).replace(before, Sha256.hex(json)));
    }
  }

  @Test
  void aTrainingOnTextThatOtherRulesCleanedIsNotResumed() throws IOException {
    Commands.Result refused = Commands.train("--set", "home=" + copiedHome(), "--resume");

    assertThat(refused.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(refused.error())
        .isEqualTo(
            "error: %s cannot be resumed: %s: train anew without --resume"
                .formatted(UNFINISHED, OTHER_RULES));
  }

  @Test
  void whoeverUsesItsModelIsToldOfOtherRules() throws IOException {
    assertThat(told(copiedHome(), "greedy").err())
        .contains("warning: %s: %s".formatted(MODEL, OTHER_RULES));
  }

  @Test
  void aTrainingThat0_1_0LeftUnfinishedResumes() throws IOException {
    String version = resumed.json().get("model").textValue();

    assertThat(resumed.out())
        .anyMatch(line -> line.endsWith("checkpoints/" + UNFINISHED + "/00004-00000002"))
        .anyMatch(line -> line.startsWith("epoch 5 of 8, round 3 of 5: "))
        .noneMatch(line -> line.startsWith("epoch 5 of 8, round 2 of 5: "));
    assertThat(home.resolve("checkpoints")).doesNotExist();
    assertThat(home.resolve("models/current")).hasContent(version);
    try (Bundle model = bundle(version)) {
      assertThat(model.provenance().parent()).isEqualTo(MODEL);
      assertThat(model.provenance().run()).isEqualTo(UNFINISHED);
      assertSameMetrics(model.provenance().metrics());
      assertSameWeights(model.weights());
    }
    assertThat(home.resolve("runs/index.html"))
        .as("0.1.0's own run is in the trend")
        .content()
        .contains(MODEL, version);
  }

  private static Bundle bundle(String version) {
    return Bundle.read(
        new org.apache.hadoop.fs.Path(home.resolve("models").resolve(version).toUri()),
        new Configuration());
  }

  /** Those of the epochs that 0.1.0 trained are in its checkpoint, the others in the weights. */
  private static void assertSameMetrics(SortedMap<String, Double> metrics) throws IOException {
    JsonNode expected = JSON.readTree(frozen.resolve("expected/resumed-metrics.json").toFile());
    assertThat(metrics.keySet()).containsAll(expected::fieldNames);
    expected
        .fields()
        .forEachRemaining(
            metric ->
                assertThat(metrics.get(metric.getKey()))
                    .as(metric.getKey())
                    .isCloseTo(metric.getValue().doubleValue(), within(ROUNDING)));
  }

  private static void assertSameWeights(Weights weights) throws IOException {
    Path file = frozen.resolve("expected/resumed-weights.safetensors");
    try (InputStream in = Files.newInputStream(file);
        Weights expected = Safetensors.read(in, Files.size(file), file.toString())) {
      assertThat(weights.tensors().keySet()).isEqualTo(expected.tensors().keySet());
      for (String name : expected.tensors().keySet()) {
        INDArray tensor = weights.get(name);
        assertThat(tensor.shape()).as(name).isEqualTo(expected.get(name).shape());
        assertThat(tensor.equalsWithEps(expected.get(name), ROUNDING)).as(name).isTrue();
      }
    }
  }

  @Test
  void theModelThatItEndsInWritesTheSameStories() throws IOException {
    assertSameStories(stories(home, "greedy"), expected("resumed"), "log_prob", "model");
  }

  @Test
  void aPreparedCorpusOf0_1_0IsTakenAsItIs() throws IOException {
    assertThat(resumedJobs)
        .as("its checksums are compared, no text is read, nothing is written in its place")
        .contains("check the shards of train", "check the shards of valid")
        .doesNotContain("compare the corpus", "clean the corpus")
        .noneMatch(job -> job.startsWith("count") || job.startsWith("write the shards"));
    assertThat(resumed.err()).noneMatch(line -> line.startsWith("warning: "));
    assertThat(names(home.resolve("prepared"))).containsExactly(PREPARED);
    Path before = frozen.resolve("home/prepared").resolve(PREPARED);
    Path after = home.resolve("prepared").resolve(PREPARED);
    assertThat(names(after)).isEqualTo(names(before));
    for (String file :
        List.of("SHA256SUMS", "prepared.json", "train/shard-00000.bin", "valid/shard-00001.bin")) {
      assertThat(after.resolve(file)).hasSameBinaryContentAs(before.resolve(file));
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"greedy", "beam", "sample"})
  void aBundleOf0_1_0WritesTheSameStories(String strategy) throws IOException {
    assertSameStories(stories(copiedHome(), strategy), expected(strategy), "log_prob");
  }

  @Test
  void modelsOf0_1_0AreListedWithWhatBecameOfThem() throws IOException {
    Commands.Result listed =
        Commands.run(ModelsCommand::run, "list", "--set", "home=" + copiedHome());

    assertThat(listed.status()).as("%s", listed.err()).isZero();
    assertThat(listed.out()).anyMatch(line -> line.matches("\\* " + MODEL + " +promoted .*"));
  }

  @Test
  void aPipelineSavedBy0_1_0WritesTheSameStories() throws IOException {
    Path models = copiedHome();
    try (SparkSession spark = spark()) {
      Dataset<Row> prompts = spark.read().json(frozen.resolve("prompts.jsonl").toString());
      PipelineModel saved = PipelineModel.load(frozen.resolve("pipeline-model").toString());
      Pipeline unfitted = Pipeline.load(frozen.resolve("pipeline").toString());
      for (PipelineStage stage : unfitted.getStages()) {
        setInHome(stage, models);
      }
      for (Transformer stage : saved.stages()) {
        setInHome(stage, models);
      }

      List<JsonNode> written = rows(saved.transform(prompts));
      List<JsonNode> writtenOnceFitted = rows(unfitted.fit(prompts).transform(prompts));

      assertSameStories(written, expected("pipeline"), "log_prob");
      assertThat(writtenOnceFitted).isEqualTo(written);
    }
  }

  @Test
  void aGeneratorSavedBy0_1_0KeepsItsParameters() {
    try (SparkSession spark = spark()) {
      StoryGenerator generator =
          StoryGenerator.load(frozen.resolve("generator").toUri().toString());

      assertThat(generator.uid()).isEqualTo("storyGenerator_frozen");
      assertThat((String[]) generator.getOrDefault(generator.getParam("bannedWords")))
          .containsExactly("nobody");
      assertThat(parameters(generator))
          .containsOnlyKeys(
              "bannedWords",
              "bundle",
              "keyCol",
              "maxTokens",
              "promptCol",
              "seed",
              "storyCol",
              "strategy",
              "temperature",
              "topK")
          .containsEntry("bundle", "models/" + MODEL)
          .containsEntry("keyCol", "id")
          .containsEntry("maxTokens", 30)
          .containsEntry("promptCol", "title")
          .containsEntry("seed", 7L)
          .containsEntry("storyCol", "tale")
          .containsEntry("strategy", "sample")
          .containsEntry("temperature", 0.9)
          .containsEntry("topK", 5);
    }
  }

  private static Map<String, Object> parameters(StoryGenerator generator) {
    return Stream.of(generator.params())
        .filter(generator::isSet)
        .collect(Collectors.toMap(Param::name, generator::getOrDefault));
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", false)
        .getOrCreate();
  }

  /** Saved in its home as working directory, it names its model from there. */
  private static void setInHome(PipelineStage stage, Path models) {
    if (stage instanceof StoryGenerator generator) {
      String bundle = generator.getOrDefault(generator.bundle());
      generator.setBundle(models.resolve(bundle).toString());
    }
  }

  private static List<JsonNode> stories(Path home, String strategy) throws IOException {
    Path output = Path.of(URI.create(told(home, strategy).json().get("output").textValue()));
    List<String> lines = new ArrayList<>();
    for (String name : names(output)) {
      if (name.startsWith("part-")) {
        lines.addAll(Files.readAllLines(output.resolve(name)));
      }
    }
    return parsed(lines);
  }

  private static Commands.Result told(Path home, String strategy) throws IOException {
    Path output = Files.createTempDirectory(folder, "stories").resolve("stories.jsonl");
    Commands.Result told =
        Commands.generate(
            "--input",
            frozen.resolve("prompts.jsonl").toString(),
            "--output",
            output.toString(),
            "--strategy",
            strategy,
            "--key",
            "id",
            "--set",
            "home=" + home);
    assertThat(told.status()).as("%s", told.err()).isZero();
    return told;
  }

  private static List<JsonNode> expected(String name) throws IOException {
    return parsed(Files.readAllLines(frozen.resolve("expected").resolve(name + ".jsonl")));
  }

  private static List<JsonNode> rows(Dataset<Row> stories) throws IOException {
    return parsed(stories.toJSON().collectAsList());
  }

  private static List<JsonNode> parsed(List<String> lines) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : lines) {
      rows.add(JSON.readTree(line));
    }
    rows.sort(Comparator.comparing(row -> row.get("id").longValue()));
    return rows;
  }

  /** All columns alike; log_prob but for rounding. */
  private static void assertSameStories(
      List<JsonNode> written, List<JsonNode> expected, String... but) {
    assertThat(without(written, but)).isEqualTo(without(expected, but));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(written.get(i).path("log_prob").doubleValue())
          .as("log_prob of %s", written.get(i))
          .isCloseTo(expected.get(i).path("log_prob").doubleValue(), within(ROUNDING));
    }
  }

  private static List<JsonNode> without(List<JsonNode> rows, String... columns) {
    return rows.stream()
        .map(row -> (JsonNode) row.<ObjectNode>deepCopy().without(List.of(columns)))
        .toList();
  }
}
