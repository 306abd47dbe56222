package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.registry.Registry;

/** bin/models, where those who made the models below home want it to say other things. */
final class ForeignModelsTest {

  private static final String VERSION = "20261122T155009-01234567";
  private static final String FORGED =
      "x\r\n* 20991231T000000-ffffffff  promoted\u2028\u001B[2K\u202E\u0000\u009B2J";

  /** What is left of it. */
  private static final String HARMLESS = "x * 20991231T000000-ffffffff promoted [2K 2J";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path home;
  private Path models;

  @BeforeEach
  void writeModel() throws IOException {
    models = Files.createDirectory(home.resolve("models"));
    ObjectNode provenance =
        JSON.createObjectNode()
            .put("corpusHash", FORGED)
            .put("vocabularyHash", FORGED)
            .put("seed", 1)
            .put("workers", 1)
            .put("gitCommit", FORGED)
            .put("createdAt", "2026-11-22T15:50:09Z")
            .put("parent", FORGED)
            .put("run", FORGED);
    provenance.putObject("versions").put("a" + FORGED, FORGED);
    provenance.putObject("corpusFiles").put("b" + FORGED, FORGED);
    provenance.putObject("settings").put("c" + FORGED, FORGED);
    provenance.putObject("metrics").put("d" + FORGED, 1.5);
    ObjectNode text =
        JSON.createObjectNode()
            .put("tokenizer", "words")
            .put("lowercase", true)
            .put("maxPromptTokens", 64)
            .put("maxStoryTokens", 200);
    text.putArray("rules");
    ObjectNode bundle = JSON.createObjectNode().put("format", 3);
    bundle
        .putObject("model")
        .put("vocabulary", 5)
        .put("embedding", 1)
        .put("hidden", 1)
        .put("layers", 1)
        .put("bidirectional", false)
        .put("attention", "dot")
        .put("tiedEmbeddings", false)
        .put("dropout", 0)
        .put("variationalDropout", false)
        .putArray("adaptiveSoftmax");
    bundle.set("text", text);
    bundle.set("provenance", provenance);
    write(bundle.toString());
    record(Map.of("state", "refused", "at", FORGED, "before", FORGED, "reason", FORGED));
    Files.writeString(models.resolve("current"), VERSION + "\n");
  }

  private void write(String description) {
    org.apache.hadoop.fs.Path parent = new org.apache.hadoop.fs.Path(models.toUri());
    try (var bundle = new ChecksummedDirectory.Writer(parent, new Configuration())) {
      bundle.write("bundle.json", out -> out.write(description.getBytes(StandardCharsets.UTF_8)));
      bundle.commit(VERSION);
    }
  }

  private void record(Map<String, ?> values) throws IOException {
    Files.writeString(models.resolve(VERSION + ".json"), JSON.writeValueAsString(values));
  }

  private Commands.Result models(String... arguments) {
    return Commands.run(
        ModelsCommand::run,
        Stream.concat(Stream.of(arguments), Stream.of("--set", "home=" + home))
            .toArray(String[]::new));
  }

  private static void assertForgesNothing(List<String> lines) {
    assertThat(lines)
        .noneMatch(line -> line.startsWith("* 2099"))
        .noneMatch(line -> line.matches(".*[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}].*"));
  }

  @Test
  void aListHasALineForEachModel() {
    List<String> table = models("list").out();

    assertThat(table).hasSize(2);
    assertThat(table.get(1)).startsWith("* " + VERSION + "  refused").endsWith(HARMLESS);
    assertForgesNothing(table);
  }

  @Test
  void aSheetHasALineForEachFact() {
    List<String> sheet = models("show", VERSION).out();

    assertThat(sheet)
        .contains("%-32s %s".formatted("git commit", HARMLESS))
        .contains("%-32s %s".formatted("reason", HARMLESS))
        .contains("  a%s %s".formatted(HARMLESS, HARMLESS))
        .contains("  c%s %s".formatted(HARMLESS, HARMLESS))
        .contains("  d%s 1.5000".formatted(HARMLESS));
    assertForgesNothing(sheet);
  }

  @Test
  void aModelWhoseRecordIsDamagedIsListedWithItsFault() throws IOException {
    Files.writeString(models.resolve(VERSION + ".json"), "null");

    assertThat(models("list").out().get(1)).contains(VERSION, VERSION + ".json is damaged");
  }

  @Test
  void aCurrentThatIsNoVersionIsToldInOneLine() throws IOException {
    Files.writeString(models.resolve("current"), FORGED);

    for (String command : new String[] {"list", "rollback"}) {
      Commands.Result result = models(command);
      assertThat(result.status()).isEqualTo(3);
      assertThat(result.error()).contains("names the model \"" + HARMLESS + "\"");
      assertThat(result.err()).hasSize(1);
      assertForgesNothing(result.err());
    }
  }

  @Test
  void foldersOfOtherNamesAreNoModels() throws IOException {
    Files.createDirectory(models.resolve("y\n* 20991231T000000-ffffffff"));
    Files.createDirectory(models.resolve("\u202Emodel"));
    Files.createDirectory(models.resolve("\u001B[2J"));

    assertThat(models("list").out()).hasSize(2);
  }

  @Test
  void argumentsAreShownInOneLine() {
    for (String[] arguments :
        new String[][] {
          {"show", FORGED},
          {"promote", FORGED},
          {"list", "--" + FORGED},
          {FORGED},
          {"list", "--set", FORGED},
          {"list", "--config", FORGED.replace("\0", "")},
          {"list", "--set", "train.epochs=" + FORGED},
        }) {
      Commands.Result result = models(arguments);
      assertThat(result.status()).isPositive();
      assertThat(result.err()).containsExactly(result.error());
      assertForgesNothing(result.err());
    }
  }

  @Test
  void leftoversAreRemovedWithALineEach() throws IOException {
    Files.createDirectories(home.resolve("checkpoints").resolve("z\n* 20991231T000000-ffffffff"));

    Commands.Result result = models("prune");

    assertForgesNothing(result.out());
    assertForgesNothing(result.err());
  }

  @Test
  void theRegistryItselfStillKnowsTheModel() {
    assertThat(new Registry(home.toString(), new Configuration()).current()).contains(VERSION);
  }
}
