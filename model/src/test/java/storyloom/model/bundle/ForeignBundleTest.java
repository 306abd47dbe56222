package storyloom.model.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;

/** Bundles that somebody else has made, whose checksums are right whatever is in them. */
class ForeignBundleTest {

  private static final String DESCRIPTION = "bundle.json";
  private static final String VOCABULARY = "vocabulary.tsv";
  private static final String WEIGHTS = "weights.safetensors";

  @TempDir private Path models;
  private Path directory;

  @BeforeEach
  void writeBundle() {
    directory = SmallModel.write(models);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "'format' : 5      | 'format' : '5'       | format must be a whole number, without quotes",
        "'format' : 5      | 'format' : 5.0       | format must be a whole number, without quotes",
        "'format' : 5      | 'format' : null      | format must be a whole number, without quotes",
        "'format' : 5      | 'format' : 0         | format must be from 1 to 7, not 0",
        "'format' : 5      | 'format' : -4        | format must be from 1 to 7, not -4",
        "'format' : 5      | 'form' : 5           | format is missing",
        "'format' : 5      | 'format' : 1         | model.layers is nothing that a model has",
        "'format' : 5      | 'format' : 5, 'x': {'y': {'z': []}} | x.y.z must not hold lists",
        "'format' : 5      | 'format' : 6         | model.transformer is missing",
        "'format' : 5      | 'format' : 7         | text.longStories is missing",
        "'maxStoryTokens'  | 'longStories' : 'windows', 'maxStoryTokens' | format must be 7 where",
        "'maxStoryTokens'  | 'longStories' : 'all', 'maxStoryTokens' | one of [cut, windows], not \"all\"",
        "'copy' : false    | 'copy' : false, 'transformer' : {'heads': 1, 'feedForward': 8} |"
            + " model.embedding must be as large as model.hidden, which is 2, where model.kind is transformer, not 3",
        "'copy' : false    | 'copy' : false, 'transformer' : null | model.transformer must not be null",
        "'hidden' : 2      | 'hidden' : 0         | model.hidden must be from 1 to 1048576, not 0",
        "'hidden' : 2      | 'hidden' : -2        | model.hidden must be from 1 to 1048576, not -2",
        "'hidden' : 2      | 'hidden' : 2147483647 | model.hidden must be from 1 to 1048576",
        "'hidden' : 2      | 'hidden' : 2147483648 | model.hidden cannot be 2147483648",
        "'hidden' : 2      | 'hidden' : 2.5       | model.hidden must be a whole number",
        "'hidden' : 2      | 'hidden' : 'two'     | a whole number that is not too large, not \"two\"",
        "'hidden' : 2      | 'hidden' : '2'       | model.hidden must be a whole number",
        "'hidden' : 2      | 'hidden' : true      | model.hidden must be a whole number",
        "'hidden' : 2      | 'hidden' : [ ]       | model.hidden must be a whole number",
        "'hidden' : 2      | 'hidden' : { }       | model.hidden must be a whole number",
        "'hidden' : 2      | 'hidden' : null      | model.hidden must not be null",
        "'hidden' : 2      | 'hidden' : 2, 'hidden' : 2 | it is no JSON: Duplicate field",
        "'hidden' : 2      | 'hiden' : 2          | model.hidden is missing",
        "'hidden' : 2      | 'hidden' : 2, 'size' : 2 | model.size is nothing that a model has",
        "'layers' : 1,     |                      | model.layers is missing",
        "'attention' : 'dot' | 'attention' : 'cosine' | one of [none, dot, general, additive], not \"cosine\"",
        "'attention' : 'dot' | 'attention' : 1    | model.attention must be one of",
        "'tiedEmbeddings' : false | 'tiedEmbeddings' : 0 | model.tiedEmbeddings must be true or false, not 0",
        "'adaptiveSoftmax' : [ ] | 'adaptiveSoftmax' : [ null ] | model.adaptiveSoftmax.0 must not be null",
        "'adaptiveSoftmax' : [ ] | 'adaptiveSoftmax' : [ 5, 4 ] | model.adaptive-softmax must be ascending ids",
        "'copy' : false    | 'copy' : 'no'         | model.copy must be true or false, not \"no\"",
        "'dropout' : 0.25  | 'dropout' : 'NaN'    | model.dropout must be at least 0 and below 1, not NaN",
        "'dropout' : 0.25  | 'dropout' : NaN      | it is no JSON",
        "'dropout' : 0.25  | 'dropout' : -1       | model.dropout must be at least 0 and below 1",
        "'html'            | 'htm'                | unknown cleaning rule htm",
        "'html'            | null                 | text.rules.1 must not be null",
        "'words'           | 'letters'            | text.tokenizer must be words or bpe, not letters",
        "'words'           | 'bpe'                | merges.txt is missing, without which the tokenizer bpe",
        "'maxPromptTokens' : 64 | 'maxPromptTokens' : 0 | text.maxPromptTokens must be from 1 to",
        "'maxStoryTokens' : 200 | 'maxStoryTokens' : 2000000000 | text.maxStoryTokens must be from 1 to",
        "'rulesVersion' : 1 | 'rulesVersion' : -1 | text.rulesVersion must be at least 0, not -1",
        "'seed' : 1099511627776 | 'seed' : 1e3    | provenance.seed must be a whole number",
        "'workers' : 2     | 'workers' : -1       | provenance.workers must be at least 0, not -1",
        "'corpusHash' : 'c0' | 'corpusHash' : null | provenance.corpusHash must not be null",
        "'corpusHash' : 'c0' | 'corpusHash' : [ ] | provenance.corpusHash must be a text, not []",
        "'spark' : '3.5'   | 'spark' : null       | provenance.versions.spark must not be null",
        "2026-11-22T15     | yesterday            | provenance.createdAt must be a time such as",
        "2026-11-22T15:50:09.123Z |               | provenance.createdAt must be a time such as",
        "2026-11-22T15     | -0001-11-22T15       | provenance.createdAt must be a time from 1970 to 9999",
        "2026-11-22T15     | +999999999-11-22T15  | provenance.createdAt must be a time from 1970 to 9999",
        "'2026-11-22T15:50:09.123Z' | 1           | provenance.createdAt must be a time such as",
        "'corpusFiles' : { } | 'corpusFiles' : [ ] | provenance.corpusFiles must be an object, not []",
        "'train.epochs' : '10' | 'train.epochs' : null | provenance.settings.train.epochs must not be null",
        "'perplexity' : 12.5 | 'perplexity' : null | provenance.metrics.perplexity must not be null",
        "'perplexity' : 12.5 | 'perplexity' : 'good' | provenance.metrics.perplexity must be a number",
        "'model' : {       | 'model' : null, 'x' : { | model must not be null",
        "'text' : {        | 'text' : [ ], 'x' : { | text must be an object, not []",
      })
  void aDescriptionThatDoesNotDescribeAModelIsRefusedWithWhatIsWrongWhere(
      String from, String to, String message) throws IOException {
    String json = Files.readString(directory.resolve(DESCRIPTION));
    String before = from.replace('\'', '"');
    assertThat(json).contains(before);

    refuse(
        DESCRIPTION,
        json.replace(before, to == null ? "" : to.replace('\'', '"')).getBytes(UTF_8),
        message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "null", "[]", "7", "\"format\"", "nul", "{", "{}", "{}{}", "\uFEFF{}"})
  void whatIsNoDescriptionAtAllIsRefused(String json) throws IOException {
    refuse(DESCRIPTION, json.getBytes(UTF_8), "bundle.json does not describe a model: ");
  }

  @Test
  void textBehindTheDescriptionIsRefused() throws IOException {
    String json = Files.readString(directory.resolve(DESCRIPTION));

    refuse(DESCRIPTION, (json + "x").getBytes(UTF_8), "it is no JSON");
  }

  @Test
  void aRefusalIsOneLineWhateverTheNamesAre() throws IOException {
    String json = Files.readString(directory.resolve(DESCRIPTION));
    String name = "\\n2026 INFO forged \\u001b[2J\\u202e" + "x".repeat(100_000);

    refuse(
        DESCRIPTION,
        json.replace("\"hidden\"", "\"" + name + "\" : 1, \"hidden\"").getBytes(UTF_8),
        "model. 2026 INFO forged [2Jxxx");
  }

  @Test
  void bracketsOrNamesWithoutEndTakeLittleMemory() throws Exception {
    String json = Files.readString(directory.resolve(DESCRIPTION));
    for (String many :
        new String[] {
          "\"x\" : " + "[".repeat(10_000_000),
          "\"x\" : [" + "[],".repeat(3_000_000),
          "\"x\" : {" + "\"a\":{},".repeat(2_000_000),
          "\"x\" : \"" + "y".repeat(25_000_000),
        }) {
      byte[] file = json.replace("\"format\" : 5,", "\"format\" : 5, " + many).getBytes(UTF_8);

      assertThat(AllocatedBytes.by(() -> refuse(DESCRIPTION, file, DESCRIPTION)))
          .isLessThan(20L * file.length);
    }
  }

  @Test
  void aDescriptionThatIsTooLargeIsNotRead() throws Exception {
    try (var file = new RandomAccessFile(directory.resolve(DESCRIPTION).toFile(), "rw")) {
      file.setLength((1 << 26) + 1);
    }

    assertThat(
            AllocatedBytes.by(
                () -> assertRefused("bundle.json has 67,108,865 bytes, more than the 67,108,864")))
        .isLessThan(1 << 24);
  }

  @Test
  void checksumsWithoutEndAreNotRead() throws IOException {
    String line = "0".repeat(64) + "  file\n";
    Files.writeString(directory.resolve("SHA256SUMS"), line.repeat(100_000));

    assertRefused("cannot read ", "SHA256SUMS: it has more than 1,048,576 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "'\n', '\r\n', line 1 ends in CR LF",
    "'  v', ' v', line 2 is not 64 hex digits",
    "vocabulary.tsv, bundle.json, line 3 lists bundle.json again",
    "vocabulary.tsv, ../bundle.json, line 3 is not 64 hex digits",
  })
  void damagedChecksumsNameTheLine(String from, String to, String message) throws IOException {
    Path sums = directory.resolve("SHA256SUMS");
    Files.writeString(sums, Files.readString(sums).replace(from, to));

    assertRefused("SHA256SUMS is damaged: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[1000000,1000000] | 4000000000000 | 48 bytes of data instead of",
        "[2147483648,2147483648] | 0 | too large",
        "[9]               | 36            | bytes of data instead of",
        "[2,2]             | 16            | bytes of data instead of",
      })
  void aTensorOfMoreThanTheFileHasIsRefusedBeforeMemoryIsTaken(
      String shape, long end, String message) throws Exception {
    String header =
        "{'decoder.bias':{'dtype':'F32','shape':%s,'data_offsets':[0,%d]}}".formatted(shape, end);

    assertThat(AllocatedBytes.by(() -> refuse(WEIGHTS, weights(header, 48), message)))
        .isLessThan(1 << 24);
  }

  @Test
  void aFileOfOtherTensorsIsRefused() throws IOException {
    String other = "{'x':{'dtype':'F32','shape':[1000000],'data_offsets':[0,4000000]}}";

    refuse(
        WEIGHTS,
        weights(other, 4_000_000),
        "weights.safetensors does not fit bundle.json: it lacks decoder.bias");
  }

  @Test
  void aHeaderThatIsMoreThanAModelNeedsIsRefused() throws IOException {
    refuse(WEIGHTS, weights("{" + " ".repeat(1_000_000) + "}", 0), "it has no header of a length");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aLinkThatLeadsOutOfTheBundleIsRefused() throws IOException {
    for (String name : new String[] {"SHA256SUMS", DESCRIPTION, VOCABULARY, WEIGHTS}) {
      Path file = directory.resolve(name);
      Path outside = Files.move(file, models.resolve("outside"));
      Files.createSymbolicLink(file, outside);
      assertRefused(name + " is a link that leads out of its directory: put the file itself there");
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of("/dev/zero"));
      assertRefused(name + " is a link that leads out of its directory");
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of("gone"));
      assertRefused(name + ": it is a link to a file that is missing");
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of(name));
      assertRefused(name);
      Files.delete(file);
      Files.move(outside, file);
    }
    SmallModel.read(directory).close();
  }

  /** Kubernetes mounts a ConfigMap as links to a hidden folder beside them, itself a link. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void linksThatStayInTheBundleAreFollowedAsIsOneThatLeadsToIt() throws IOException {
    Path hidden = Files.createDirectory(directory.resolve("..2026_11_22"));
    Files.createSymbolicLink(directory.resolve("..data"), hidden.getFileName());
    for (String name : new String[] {"SHA256SUMS", DESCRIPTION, VOCABULARY, WEIGHTS}) {
      Files.move(directory.resolve(name), hidden.resolve(name));
      Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
    }
    Path link = Files.createSymbolicLink(models.resolve("mine"), directory);

    SmallModel.read(directory).close();
    SmallModel.read(link).close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeIsRefusedWithoutWaitingForItsWriter() throws Exception {
    for (String name : new String[] {"SHA256SUMS", DESCRIPTION, VOCABULARY, WEIGHTS}) {
      Path file = directory.resolve(name);
      Path aside = Files.move(file, models.resolve("aside"));
      assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> assertRefused(name + ": it is a pipe or a device"));
      Files.delete(file);
      Files.move(aside, file);
    }
  }

  private void refuse(String name, byte[] content, String message) throws IOException {
    Files.write(directory.resolve(name), content);
    SmallModel.sumAnew(directory);
    assertRefused(message);
  }

  private void assertRefused(String... messages) {
    assertThatThrownBy(() -> SmallModel.read(directory).close())
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(messages)
        .hasMessageNotContainingAny("\n", "\u001b", "\u202e")
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(4000))
        .extracting("status")
        .isEqualTo(3);
  }

  private static byte[] weights(String header, int length) {
    byte[] json = header.replace('\'', '"').getBytes(UTF_8);
    return ByteBuffer.allocate(8 + json.length + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}
