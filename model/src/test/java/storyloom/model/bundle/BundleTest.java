package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.text.token.BpeLearner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

class BundleTest {

  @TempDir private Path models;
  private Path directory;

  @BeforeEach
  void writeBundle() {
    directory = SmallModel.write(models);
  }

  @Test
  void whatWasWrittenIsRead() {
    try (Bundle bundle = SmallModel.read(directory)) {
      assertThat(bundle.config()).isEqualTo(SmallModel.CONFIG);
      assertThat(bundle.text()).isEqualTo(SmallModel.TEXT);
      assertThat(bundle.vocabulary().entries()).isEqualTo(SmallModel.VOCABULARY.entries());
      assertThat(bundle.provenance()).isEqualTo(SmallModel.PROVENANCE);
      assertThat(bundle.weights().tensors()).isEqualTo(SmallModel.weights());
    }
  }

  @Test
  void theVersionIsTheTimeAndTheHashOfTheWeights() throws IOException {
    String version = directory.getFileName().toString();

    assertThat(version)
        .matches("20261122T155009-[0-9a-f]{8}")
        .endsWith(sha256(directory.resolve("weights.safetensors")).substring(0, 8));
    Path renamed = Files.move(directory, models.resolve("mine"));
    try (Bundle bundle = SmallModel.read(renamed)) {
      assertThat(bundle.version()).isEqualTo(version);
    }
  }

  @Test
  void aBundleIsFiveFilesAndNothingElseIsLeft() throws IOException {
    assertThat(names(directory)).isEqualTo(SmallBundle.FILES);
    assertThat(names(models)).containsExactly(directory.getFileName().toString());
  }

  @Test
  void mergesOfBytePairEncodingComeBackToo() throws IOException {
    Vocabulary learned =
        BpeLearner.learn(List.of(new TokenCount("fox", 5), new TokenCount("foxes", 2)), 1, 300);
    Seq2SeqConfig config = new Seq2SeqConfig(learned.size(), 3, 2, 0.25);
    SortedMap<String, INDArray> weights = new TreeMap<>();
    Seq2SeqTensors.of(config)
        .forEach((name, tensor) -> weights.put(name, Nd4j.rand(DataType.FLOAT, tensor.shape())));

    String version =
        Bundle.write(
            new org.apache.hadoop.fs.Path(models.toUri()),
            new Configuration(),
            config,
            new TextSettings(List.of(), Tokenizer.BPE, true, 64, 200),
            learned,
            weights,
            SmallModel.PROVENANCE);

    assertThat(names(models.resolve(version))).contains("merges.txt");
    try (Bundle bundle = SmallModel.read(models.resolve(version))) {
      assertThat(bundle.vocabulary().merges()).isEqualTo(learned.merges());
      assertThat(bundle.vocabulary().sha256()).isEqualTo(learned.sha256());
    }
  }

  @Test
  void theChecksumsAreThoseOfSha256sum() throws IOException {
    assertThat(Files.readAllLines(directory.resolve("SHA256SUMS")))
        .containsExactly(
            sha256(directory.resolve("bundle.json")) + "  bundle.json",
            sha256(directory.resolve("vocabulary.json")) + "  vocabulary.json",
            SmallModel.VOCABULARY.sha256() + "  vocabulary.tsv",
            sha256(directory.resolve("weights.safetensors")) + "  weights.safetensors");
  }

  @Test
  void tokensAreInJsonOnceMore() throws IOException {
    assertThat(Files.readString(directory.resolve("vocabulary.json")))
        .isEqualTo("[\n\"<pad>\",\n\"<OOV>\",\n\"<start>\",\n\"<end>\",\n\"fox\",\n\"owl\"\n]\n");
  }

  @Test
  void theWeightsSayWhatTheyMean() throws IOException {
    byte[] file = Files.readAllBytes(directory.resolve("weights.safetensors"));
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();

    assertThat(new String(file, Long.BYTES, length, StandardCharsets.UTF_8))
        .startsWith(
            """
            {"__metadata__":{"format":"storyloom","format_version":"5",\
            "lstm_gates":"i, f, g, o","matrices":"[in, out]","model":"{\\"vocabulary\\":6,""");
  }

  @Test
  void theDescriptionIsReadableJsonInAFixedOrder() throws IOException {
    assertThat(Files.readString(directory.resolve("bundle.json")))
        .isEqualTo(
            """
            {
              "format" : 5,
              "model" : {
                "vocabulary" : 6,
                "embedding" : 3,
                "hidden" : 2,
                "layers" : 1,
                "bidirectional" : false,
                "attention" : "dot",
                "tiedEmbeddings" : false,
                "adaptiveSoftmax" : [ ],
                "copy" : false,
                "dropout" : 0.25,
                "variationalDropout" : false,
                "recurrentDropout" : 0.0,
                "embeddingDropout" : 0.0
              },
              "text" : {
                "rules" : [
                  "unicode",
                  "html"
                ],
                "tokenizer" : "words",
                "lowercase" : true,
                "maxPromptTokens" : 64,
                "maxStoryTokens" : 200,
                "rulesVersion" : 1
              },
              "provenance" : {
                "corpusHash" : "c0",
                "vocabularyHash" : "%s",
                "seed" : 1099511627776,
                "workers" : 2,
                "versions" : {
                  "dl4j" : "M2",
                  "spark" : "3.5"
                },
                "gitCommit" : "unknown",
                "createdAt" : "2026-11-22T15:50:09.123Z",
                "parent" : null,
                "run" : null,
                "corpusFiles" : { },
                "settings" : {
                  "train.epochs" : "10"
                },
                "metrics" : {
                  "never" : "Infinity",
                  "perplexity" : 12.5
                }
              }
            }
            """
                .formatted(SmallModel.VOCABULARY.sha256()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bundle.json", "vocabulary.tsv", "weights.safetensors"})
  void oneFlippedBitIsFoundInWhateverPlace(String name) throws IOException {
    Path file = directory.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < 30; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= 1;
      Files.write(file, damaged);
      SmallModel.assertRefused(directory, name + " is damaged", "SHA256SUMS", "copy it anew");
    }
  }

  @Test
  void oneFlippedBitOfTheChecksumsIsFound() throws IOException {
    Path file = directory.resolve("SHA256SUMS");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      SmallModel.assertRefused(directory, directory.getFileName() + "/", "copy it anew");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA256SUMS", "bundle.json", "vocabulary.tsv", "weights.safetensors"})
  void aMissingFileIsNamed(String name) throws IOException {
    Files.delete(directory.resolve(name));

    SmallModel.assertRefused(directory, name, "copy it anew");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA256SUMS", "bundle.json", "vocabulary.tsv", "weights.safetensors"})
  void aTruncatedFileIsNamed(String name) throws IOException {
    Path file = directory.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 2}) {
      Files.write(file, Arrays.copyOf(whole, length));
      SmallModel.assertRefused(directory, directory.getFileName() + "/", "copy it anew");
    }
  }

  @Test
  void weightsOfAnotherShapeAreRefused() throws IOException {
    SmallModel.replaceInDescription(directory, "\"hidden\" : 2", "\"hidden\" : 4");
    SmallModel.sumAnew(directory);

    SmallModel.assertRefused(
        directory,
        "weights.safetensors does not fit bundle.json: decoder.bias has the shape [8]"
            + " where the model needs [16]");
  }

  @Test
  void aVocabularyOfAnotherSizeIsRefused() throws IOException {
    SmallModel.replaceInDescription(directory, "\"vocabulary\" : 6", "\"vocabulary\" : 7");
    SmallModel.sumAnew(directory);

    SmallModel.assertRefused(
        directory, "vocabulary.tsv does not fit bundle.json: it holds 6 tokens");
  }

  @Test
  void aDirectoryThatIsNoBundleIsRefused() {
    directory = models;
    SmallModel.assertRefused(
        directory, models.getFileName().toString(), "is not a bundle", "SHA256SUMS");
    directory = models.resolve("gone");
    SmallModel.assertRefused(directory, "gone is not a bundle");
  }

  @Test
  void weightsThatDoNotFitTheModelAreNotWritten() {
    SortedMap<String, INDArray> weights = SmallModel.weights();
    weights.remove("output.bias");

    assertThatThrownBy(() -> write(models.resolve("other"), weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it lacks output.bias");
    assertThat(models.resolve("other")).doesNotExist();
  }

  @Test
  void aVersionThatExistsIsLeftAsItIs() throws IOException {
    assertThatThrownBy(() -> SmallModel.write(models))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(directory.getFileName() + " exists already");
    assertThat(names(models)).containsExactly(directory.getFileName().toString());
    SmallModel.read(directory).close();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(models.resolve("file"), "");

    assertThatThrownBy(() -> write(file, SmallModel.weights()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void closingTwiceIsHarmless() {
    Bundle bundle = SmallModel.read(directory);
    bundle.close();
    bundle.close();

    assertThat(bundle.weights().tensors().values()).isNotEmpty().allMatch(INDArray::wasClosed);
  }

  private static void write(Path models, SortedMap<String, INDArray> weights) {
    Bundle.write(
        new org.apache.hadoop.fs.Path(models.toUri()),
        new Configuration(),
        SmallModel.CONFIG,
        SmallModel.TEXT,
        SmallModel.VOCABULARY,
        weights,
        SmallModel.PROVENANCE);
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
