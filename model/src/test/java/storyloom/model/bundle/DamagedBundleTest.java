package storyloom.model.bundle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.text.TextCodec;

/**
 * Whatever stands in a bundle's files, opening it ends in a model or in one line, and takes little
 * memory.
 */
class DamagedBundleTest {

  private static final int TRIES = 1000;

  /** Reading the whole bundle takes a hundredth, besides the buffers of the weights. */
  private static final long MOST_BYTES = 64 << 20;

  private static final Pattern JSON_VALUE =
      Pattern.compile("\"[^\"]*\"|-?[0-9.]+|true|false|null|\\[[^\\[\\]]*]|\\{[^{}]*}");

  private static final List<String> ODD_VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1",
          "1.5",
          "1e400",
          "2147483647",
          "2147483648",
          "-0",
          "9223372036854775808",
          "1e-400",
          "NaN",
          "\"\"",
          "\"NaN\"",
          "\"-Infinity\"",
          "\"bpe\"",
          "\"\\u0000\\u202e\\n\"",
          "\"\\ud800\"",
          "[]",
          "[[]]",
          "{}",
          "[null]",
          "[1,2,3]",
          "{\"a\":{}}",
          "\"2026-11-22T15:50:09Z\"",
          "\"additive\"",
          "");

  private static final List<String> ODD_LINES =
      List.of(
          "",
          "\t",
          "\t\t",
          "4\ta\t1",
          "5\t\t1",
          "5\t\\\t1",
          "5\ta\t-1",
          "5\ta\t1e3",
          "5\ta\t1\r",
          "\u00EF\u00BB\u00BF0\t<pad>\t0",
          "-1\ta\t1",
          "5\t\u00FF\u00FE\t1",
          "0\t<pad>\t0",
          "5\t\\n\t1",
          "5\t\\u0000\t1",
          "00000005\ta\t1");

  @TempDir private Path models;
  private Path directory;
  private int loaded;
  private int refused;

  @BeforeEach
  void writeBundle() {
    directory = SmallModel.write(models);
  }

  @Test
  void ofTheDescription() throws Exception {
    damage(
        "bundle.json",
        true,
        (random, text) -> random.nextBoolean() ? changedValue(random, text) : noise(random, text));
  }

  @Test
  void ofTheVocabulary() throws Exception {
    damage(
        "vocabulary.tsv",
        true,
        (random, text) -> random.nextBoolean() ? changedLine(random, text) : noise(random, text));
  }

  @Test
  void ofTheChecksums() throws Exception {
    damage(
        "SHA256SUMS",
        false,
        (random, text) -> random.nextBoolean() ? changedLine(random, text) : noise(random, text));
  }

  @Test
  void ofTheHeaderOfTheWeights() throws Exception {
    byte[] file = Files.readAllBytes(directory.resolve("weights.safetensors"));
    int end = Long.BYTES + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    damage(
        "weights.safetensors",
        true,
        (random, text) -> {
          String length = text.substring(0, Long.BYTES);
          String header = text.substring(Long.BYTES, end);
          String changed =
              random.nextBoolean() ? changedValue(random, header) : noise(random, header);
          // of the same length where that can be, so that the data stays where it was
          String filled = changed + " ".repeat(Math.max(0, header.length() - changed.length()));
          boolean hasOtherLength = random.nextInt(4) == 0;
          return (hasOtherLength ? noise(random, length) : length) + filled + text.substring(end);
        });
  }

  /** Bytes pass as characters of Latin-1, so that any byte may change. */
  private void damage(String name, boolean sums, BiFunction<Random, String, String> change)
      throws Exception {
    Path file = directory.resolve(name);
    String whole = Files.readString(file, ISO_8859_1);
    Random random = new Random(19);
    for (int i = 0; i < TRIES; i++) {
      String damaged = whole;
      for (int times = random.nextInt(3); times >= 0; times--) {
        damaged = change.apply(random, damaged);
      }
      Files.writeString(file, damaged, ISO_8859_1);
      if (sums) {
        SmallModel.sumAnew(directory);
      }
      String shown = damaged;
      assertThat(AllocatedBytes.by(this::open)).as("%s", shown).isLessThan(MOST_BYTES);
    }
    assertThat(refused).isPositive();
    assertThat(loaded + refused).isEqualTo(TRIES);
  }

  private void open() {
    try (Bundle bundle = SmallModel.read(directory)) {
      TextCodec codec = new TextCodec(bundle.text(), bundle.vocabulary());
      assertThat(codec.story(new int[] {4, 5})).isNotNull();
      assertThat(bundle.version()).matches("[0-9]{8}T[0-9]{6}-[0-9a-f]{8}");
      loaded++;
    } catch (UserException refusal) {
      assertThat(refusal.status()).isEqualTo(3);
      assertThat(refusal.getMessage()).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
      assertThat(refusal.getMessage()).hasSizeLessThan(2000);
      refused++;
    }
  }

  private static String changedValue(Random random, String json) {
    List<MatchResult> values = JSON_VALUE.matcher(json).results().toList();
    if (values.isEmpty()) {
      return json;
    }
    MatchResult value = values.get(random.nextInt(values.size()));
    return json.substring(0, value.start())
        + ODD_VALUES.get(random.nextInt(ODD_VALUES.size()))
        + json.substring(value.end());
  }

  private static String changedLine(Random random, String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(4)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      case 2 -> lines.set(at, ODD_LINES.get(random.nextInt(ODD_LINES.size())));
      default -> Collections.swap(lines, at, random.nextInt(lines.size()));
    }
    return String.join("\n", lines);
  }

  private static String noise(Random random, String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(4));
    String other = random.nextInt(3) == 0 ? "" : Character.toString(random.nextInt(256));
    return random.nextInt(20) == 0
        ? text.substring(0, at)
        : text.substring(0, at) + other + text.substring(end);
  }
}
