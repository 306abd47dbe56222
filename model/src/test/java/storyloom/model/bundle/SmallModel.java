package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/** A model of a few random numbers, and the bundle of it. */
public final class SmallModel {

  static final Seq2SeqConfig CONFIG = new Seq2SeqConfig(6, 3, 2, 0.25);
  static final TextSettings TEXT =
      new TextSettings(List.of("unicode", "html"), "words", true, 64, 200);
  static final Vocabulary VOCABULARY = Vocabulary.build(Map.of("fox", 7L, "owl", 5L), 1, 6);
  static final Provenance PROVENANCE =
      new Provenance(
          "c0",
          VOCABULARY.sha256(),
          1L << 40,
          2,
          new TreeMap<>(Map.of("spark", "3.5", "dl4j", "M2")),
          "unknown",
          Instant.parse("2026-11-22T15:50:09.123Z"),
          null,
          new TreeMap<>(Map.of("train.epochs", "10")),
          new TreeMap<>(Map.of("perplexity", 12.5, "never", Double.POSITIVE_INFINITY)));

  private static final Configuration CONFIGURATION = new Configuration();

  private SmallModel() {}

  static SortedMap<String, INDArray> weights() {
    Nd4j.getRandom().setSeed(7);
    SortedMap<String, INDArray> weights = new TreeMap<>();
    Seq2SeqTensors.of(CONFIG)
        .forEach((name, tensor) -> weights.put(name, Nd4j.rand(DataType.FLOAT, tensor.shape())));
    return weights;
  }

  /** Writes the bundle and returns its directory. */
  public static java.nio.file.Path write(java.nio.file.Path models) {
    return write(models, PROVENANCE.createdAt());
  }

  /** Writes the bundle as if it had been made at another time. */
  public static java.nio.file.Path write(java.nio.file.Path models, Instant createdAt) {
    String version =
        Bundle.write(
            new Path(models.toUri()),
            new Configuration(),
            CONFIG,
            TEXT,
            VOCABULARY,
            weights(),
            new Provenance(
                PROVENANCE.corpusHash(),
                PROVENANCE.vocabularyHash(),
                PROVENANCE.seed(),
                PROVENANCE.workers(),
                PROVENANCE.versions(),
                PROVENANCE.gitCommit(),
                createdAt,
                null,
                PROVENANCE.settings(),
                PROVENANCE.metrics()));
    return models.resolve(version);
  }

  static Bundle read(java.nio.file.Path directory) {
    return Bundle.read(new Path(directory.toUri()), CONFIGURATION);
  }

  /** Makes SHA256SUMS what whoever changes a bundle on purpose would make it. */
  static void sumAnew(java.nio.file.Path directory) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : List.of("bundle.json", "vocabulary.tsv", "weights.safetensors")) {
      byte[] digest = Sha256.digest().digest(Files.readAllBytes(directory.resolve(name)));
      lines.append(HexFormat.of().formatHex(digest)).append("  ").append(name).append('\n');
    }
    Files.writeString(directory.resolve("SHA256SUMS"), lines);
  }

  /** Changes bundle.json, which must hold what is replaced. */
  static void replaceInDescription(java.nio.file.Path directory, String from, String to)
      throws IOException {
    java.nio.file.Path file = directory.resolve("bundle.json");
    String json = Files.readString(file);
    assertThat(json).contains(from);
    Files.writeString(file, json.replace(from, to));
  }

  /** Reading the bundle must fail as damaged data does, with a message of these parts. */
  static void assertRefused(java.nio.file.Path directory, String... parts) {
    assertThatThrownBy(() -> read(directory).close())
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(parts)
        .extracting("status")
        .isEqualTo(3);
  }
}
