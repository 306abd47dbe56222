package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.GzipCodec;
import org.apache.hadoop.util.ReflectionUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.pipeline.LocalSpark;

class CorpusReaderTest {

  private static final String SPLIT_SIZE = "mapreduce.input.fileinputformat.split.maxsize";

  @TempDir Path folder;

  @AfterEach
  void forgetSplitSize() {
    hadoop().unset(SPLIT_SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 4096})
  void linesStayAlignedWhateverTheSplits(int splitSize) throws IOException {
    hadoop().setInt(SPLIT_SIZE, splitSize);
    write("train.wp_source", "a\nbb\n\nccc\nd d\n");
    write("train.wp_target", "a long story\n\nanother one\r\nb\nthe end");

    assertThat(train("auto"))
        .containsExactly("a|a long story", "bb|", "ccc|b", "d d|the end", "|another one");
  }

  @Test
  void manyLinesInManySplitsStayAligned() throws IOException {
    hadoop().setInt(SPLIT_SIZE, 5000);
    write("train.wp_source", lines(3000, i -> "p" + i));
    write("train.wp_target", lines(3000, i -> ("s" + i + " ").repeat(1 + i % 7).strip()));

    assertThat(train("lines"))
        .hasSize(3000)
        .allSatisfy(
            pair -> {
              String[] sides = pair.split("\\|");
              assertThat(sides[1]).startsWith("s" + sides[0].substring(1)).doesNotContain("p");
              assertThat(sides[1].split(" ")[0]).isEqualTo("s" + sides[0].substring(1));
            });
  }

  @Test
  void onlyLineFeedsEndALine() throws IOException {
    write("train.wp_source", "p\u2028q\u0085r\fs\rt\r\nnext\n");
    write("train.wp_target", "one\ntwo\n");

    assertThat(train("auto")).containsExactly("next|two", "p\u2028q\u0085r\fs\rt|one");
  }

  @Test
  void aByteOrderMarkIsNoText() throws IOException {
    write("train.wp_source", "\uFEFFp\n");
    write("train.wp_target", "\uFEFFs\n");

    assertThat(train("auto")).containsExactly("p|s");
  }

  @Test
  void aCompressedHalfFitsAPlainOne() throws IOException {
    compressed("train.wp_source.gz", GzipCodec.class, "p\nq\n");
    write("train.wp_target", "s\nt\n");
    compressed("valid.wp_target.bz2", BZip2Codec.class, "v");
    write("valid.wp_source", "u");

    RawCorpus corpus = read("auto");

    assertThat(Pairs.in(corpus.splits().get(Split.TRAIN))).containsExactly("p|s", "q|t");
    assertThat(Pairs.in(corpus.splits().get(Split.VALID))).containsExactly("u|v");
  }

  @Test
  void aLongBzip2FileIsReadInParts() throws IOException {
    hadoop().setInt(SPLIT_SIZE, 100_000);
    int lines = 60_000;
    // hard to compress, so that there are several blocks of 900 kB
    String stories = lines(lines, i -> "s" + i + " " + DigestUtils.sha256Hex("story " + i));
    compressed("train.wp_target.bz2", BZip2Codec.class, stories);
    write("train.wp_source", lines(lines, i -> "s" + i));

    Dataset<Row> train = read("auto").splits().get(Split.TRAIN);

    assertThat(train.count()).isEqualTo(lines);
    assertThat(train.filter("not startswith(story, prompt || ' ')").count()).isZero();
  }

  @Test
  void aPatternOfFoldersIsOneCorpus() throws IOException {
    Files.createDirectories(folder.resolve("a,1"));
    Files.createDirectories(folder.resolve("a[2"));
    write("a,1/train.wp_source", "p\n");
    write("a,1/train.wp_target", "s\n");
    write("a[2/train.wp_source", "q\n");
    write("a[2/train.wp_target", "t\n");

    assertThat(trainAt(folder + "/a*", "auto")).containsExactly("p|s", "q|t");
  }

  @Test
  void aPatternOfFilesKeepsTheSplitsApart() throws IOException {
    for (String split : List.of("train", "valid", "test", "extra")) {
      write(split + ".jsonl", "{\"prompt\":\"p\",\"story\":\"" + split + "\"}\n");
    }

    RawCorpus corpus = CorpusReader.read(LocalSpark.session(), folder + "/*.jsonl", "auto");

    assertThat(corpus.splits()).containsOnlyKeys(Split.TRAIN, Split.VALID, Split.TEST);
    assertThat(Pairs.in(corpus.splits().get(Split.TRAIN))).containsExactly("p|extra", "p|train");
  }

  @Test
  void aFileOfPromptsBringsItsStories() throws IOException {
    write("mine.wp_source", "p\n");
    write("mine.wp_target", "s\n");
    write("valid.wp_source", "left alone\n");

    assertThat(trainAt(folder + "/mine.wp_source", "auto")).containsExactly("p|s");
  }

  @Test
  void twoFilesOfAnyNameAreReadAligned() throws IOException {
    write("prompts.txt", "p\nq\n");
    write("stories.txt", "s\nt\n");

    assertThat(
            Pairs.in(
                CorpusReader.readAligned(
                    LocalSpark.session(), folder + "/prompts.txt", folder + "/stories.txt")))
        .containsExactly("p|s", "q|t");
  }

  @Test
  void parquetIsReadByItsColumns() {
    Pairs.of("p|s", "q|t")
        .selectExpr("story", "1 as votes", "prompt")
        .write()
        .parquet(folder + "/train.parquet");

    assertThat(train("auto")).containsExactly("p|s", "q|t");
    assertThat(trainAt(folder + "/train.parquet", "parquet")).containsExactly("p|s", "q|t");
  }

  @Test
  void jsonLinesAreReadByTheirColumns() throws IOException {
    write(
        "train.json",
        "\uFEFF{\"story\":\"one\\ntwo\u2028three\",\"prompt\":7}\n{\"prompt\":\"q\",\"story\":\"t\"}");

    assertThat(train("json")).containsExactly("7|one\ntwo\u2028three", "q|t");
  }

  @Test
  void csvStoriesMayHoldQuotesCommasAndLineBreaks() throws IOException {
    write("train.csv", "\uFEFFprompt,story\r\n\"p, q\",\"She said \"\"no\"\"\nand left\"\r\n");

    assertThat(train("auto")).containsExactly("p, q|She said \"no\"\nand left");
  }

  @Test
  void pairsKnowTheirFileAndLine() throws IOException {
    hadoop().setInt(SPLIT_SIZE, 3);
    write("train.wp_source", "p\nq\n");
    write("train.wp_target", "s\nt\n");
    write("valid.jsonl", "\n{\"prompt\":\"p\",\"story\":\"s\"}\n");
    Files.createDirectories(folder.resolve("csv/train.csv"));
    write("csv/train.csv/part-1.csv", "prompt,story\np,\"s\nt\"\nq,u");
    write("csv/train.csv/part-2.csv", "story,prompt\nv,r\n");
    write("csv/train.csv/_SUCCESS", "");
    String name = folder.getFileName() + "/";

    assertThat(places(folder + "/train.wp_source"))
        .containsExactly("p|s " + name + "train.wp_source 1", "q|t " + name + "train.wp_source 2");
    assertThat(places(folder + "/valid.jsonl")).containsExactly("p|s " + name + "valid.jsonl 2");
    assertThat(places(folder + "/csv"))
        .containsExactly(
            "p|s\nt train.csv/part-1.csv 2",
            "q|u train.csv/part-1.csv 4",
            "r|v train.csv/part-2.csv 2");
  }

  @Test
  void linesThatAreNotUtf8AreFoundOut() throws IOException {
    Files.write(folder.resolve("train.wp_source"), latin1("p\ncaf\u00E9\nq \u00C3\u00A9\nr\n"));
    Files.write(folder.resolve("train.wp_target"), latin1("s\nt\nu\nna\u00EFve\n"));

    assertThat(faults(folder.toString()))
        .containsExactly("train.wp_source:2 invalid-utf8", "train.wp_target:4 invalid-utf8");
    assertThat(train("auto")).contains("p|s", "q é|u");
  }

  @Test
  void aReplacementCharacterIsUtf8() throws IOException {
    write("train.wp_source", "p \uFFFD\n");
    write("train.wp_target", "s\n");

    assertThat(faults(folder.toString())).isEmpty();
  }

  @Test
  void stringsOfParquetThatAreNotUtf8AreFoundOut() {
    Pairs.of("p|s", "q|t")
        .selectExpr("prompt", "if(prompt = 'p', story, cast(unhex('E9') as string)) as story")
        .coalesce(1)
        .write()
        .parquet(folder + "/train.parquet");

    assertThat(faults(folder.toString()))
        .singleElement()
        .asString()
        .matches("part-0.*parquet:2 invalid-utf8");
  }

  @Test
  void aLineThatIsNoJsonObjectCostsItselfOnly() throws IOException {
    Files.write(
        folder.resolve("train.jsonl"),
        latin1(
            "{\"prompt\":\"p\",\"story\":\"s\"}\n"
                + "{\"prompt\":\"p\",\"story\":\n"
                + "[1]\n"
                + "{\"prompt\":{\"a\":1},\"story\":\"s\"}\n"
                + "{\"prompt\":\"p\",\"story\":\"s\"} {}\n"
                + "{\"prompt\":\"\u00E9\",\"story\":\"s\"}\n"
                + "\n"
                + "{\"prompt\":null,\"story\":\"t\"}\n"
                + "{\"prompt\":true,\"story\":1.5,\"votes\":[2]}\n"));

    assertThat(faults(folder.toString()))
        .containsExactly(
            "train.jsonl:2 malformed",
            "train.jsonl:3 malformed",
            "train.jsonl:4 malformed",
            "train.jsonl:5 malformed",
            "train.jsonl:6 invalid-utf8");
    assertThat(train("auto")).contains("p|s", "null|t", "true|1.5");
  }

  @Test
  void aRecordOfCsvThatIsNoneCostsItsFirstLineOnly() throws IOException {
    Files.write(
        folder.resolve("train.csv"),
        latin1(
            "prompt,story\n"
                + "p,s\n"
                + "one value\n"
                + "q,t,one more\n"
                + "\"a quote that never ends,u\n"
                + "r,\"two\nlines\"\n"
                + "\"bad\"quote\",v\n"
                + "caf\u00E9,w\n"
                + "\n"
                + "\"x, y\",5\" wide\n"));

    assertThat(faults(folder.toString()))
        .containsExactly(
            "train.csv:3 malformed",
            "train.csv:4 malformed",
            "train.csv:5 malformed",
            "train.csv:8 malformed",
            "train.csv:9 invalid-utf8");
    assertThat(train("auto")).contains("p|s", "r|two\nlines", "x, y|5\" wide");
  }

  @Test
  void linesOfTenMegabytesAreRead() throws IOException {
    String story = "word ".repeat(2_000_000);
    write("lines/train.wp_source", "p\nq\n");
    write("lines/train.wp_target", story + "\nt\n");
    write("json/train.jsonl", "{\"prompt\":\"p\",\"story\":\"" + story + "\"}\n");

    for (String each : List.of("/lines", "/json")) {
      Dataset<Row> train =
          CorpusReader.read(LocalSpark.session(), folder + each, "auto").splits().get(Split.TRAIN);
      assertThat(train.selectExpr("max(length(story))").first().getInt(0))
          .isEqualTo(story.length());
    }
  }

  @Test
  void aFileOfAnotherEndingIsReadAsTheFormatAskedFor() throws IOException {
    write("pairs.txt", "{\"prompt\":\"p\",\"story\":\"s\"}");

    assertThat(trainAt(folder + "/pairs.txt", "json")).containsExactly("p|s");
    assertThatThrownBy(() -> trainAt(folder + "/pairs.txt", "auto"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("pairs.txt is not of a known format");
  }

  @Test
  void aMissingFileOfTwoIsNamed() throws IOException {
    write("prompts.txt", "p\n");

    assertThatThrownBy(
            () ->
                CorpusReader.readAligned(
                    LocalSpark.session(), folder + "/prompts.txt", folder + "/stories.txt"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("does not exist")
        .hasMessageContaining("stories.txt");
  }

  @Test
  void unequalHalvesAreNamedWithTheirCounts() throws IOException {
    write("train.wp_source", "p\nq\nr\n");
    write("train.wp_target", "s\nt\n");

    assertRefused("auto")
        .hasMessageContaining("train.wp_source has 3 lines")
        .hasMessageContaining("train.wp_target has 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wp_source", "wp_target"})
  void aMissingHalfIsNamed(String present) throws IOException {
    write("train." + present, "p\n");

    String absent = present.equals("wp_source") ? "wp_target" : "wp_source";
    assertRefused("auto").hasMessageContaining("train." + absent + " is missing");
  }

  @Test
  void aMissingHalfOfAnySplitIsNamed() throws IOException {
    write("train.wp_source", "p\n");
    write("train.wp_target", "s\n");
    write("test.wp_source", "p\n");

    assertRefused("auto").hasMessageContaining("test.wp_target is missing");
  }

  @Test
  void emptyFilesAreNamed() throws IOException {
    write("train.wp_source", "");
    write("train.wp_target", "");

    assertRefused("auto").hasMessageContaining("train.wp_source").hasMessageContaining("0 lines");
  }

  @Test
  void anEmptyTableIsNamed() throws IOException {
    write("train.csv", "prompt,story\n");

    assertRefused("auto").hasMessageContaining("train.csv is empty: 0 pairs");
  }

  @Test
  void aFolderWithoutTrainingPairsSaysWhatWasExpected() throws IOException {
    write("valid.jsonl", "{\"prompt\":\"p\",\"story\":\"s\"}");

    assertRefused("auto")
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("train.wp_source and train.wp_target, or train.parquet");
  }

  @Test
  void aMissingColumnIsNamedWithThoseFound() throws IOException {
    write("train.jsonl", "{\"prompt\":\"p\",\"text\":\"s\"}");

    assertRefused("auto")
        .hasMessageContaining("train.jsonl has no column story")
        .hasMessageContaining("prompt, text");
  }

  @Test
  void aColumnOfAnotherTypeIsNamed() {
    Pairs.of("p|s")
        .selectExpr("prompt", "array(story) as story")
        .write()
        .parquet(folder + "/train.parquet");

    assertRefused("auto")
        .hasMessageContaining("column story")
        .hasMessageContaining("array<string>");
  }

  @Test
  void aMissingPathIsNamed() {
    assertThatThrownBy(() -> trainAt(folder + "/nowhere", "auto"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(folder + "/nowhere")
        .extracting("status")
        .isEqualTo(3);
  }

  @Test
  void aFileThatIsNotParquetIsNamed() throws IOException {
    write("train.parquet", "no parquet");

    assertRefused("auto").hasMessageContaining("train.parquet as parquet");
  }

  @Test
  void aDamagedCompressedFileIsNamed() throws IOException {
    write("train.wp_source.gz", "not compressed");
    write("train.wp_target", "s\n");

    assertRefused("auto").hasMessageContaining("train.wp_source.gz");
  }

  @Test
  void twoFormatsAskForAChoice() throws IOException {
    write("train.jsonl", "{\"prompt\":\"p\",\"story\":\"s\"}");
    write("train.csv", "prompt,story\nq,t\n");

    assertRefused("auto").hasMessageContaining("[json, csv]").hasMessageContaining("corpus.format");
    assertThat(train("csv")).containsExactly("q|t");
  }

  @Test
  void twoFilesForTheSameSplitAskForAChoice() throws IOException {
    write("train.jsonl", "{\"prompt\":\"p\",\"story\":\"s\"}");
    write("train.json", "{\"prompt\":\"p\",\"story\":\"s\"}");

    assertRefused("auto").hasMessageContaining("keep one");
  }

  @Test
  void anUnknownFormatIsAMistakeOfUsage() {
    assertThatThrownBy(() -> train("xml"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("corpus.format")
        .extracting("status")
        .isEqualTo(2);
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String format) {
    return assertThatThrownBy(() -> read(format))
        .isInstanceOf(UserException.class)
        .satisfies(refusal -> assertThat(((UserException) refusal).status()).isEqualTo(3))
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
  }

  private RawCorpus read(String format) {
    return CorpusReader.read(LocalSpark.session(), folder.toString(), format);
  }

  private List<String> train(String format) {
    return trainAt(folder.toString(), format);
  }

  private static List<String> trainAt(String path, String format) {
    return Pairs.in(
        CorpusReader.read(LocalSpark.session(), path, format).splits().get(Split.TRAIN));
  }

  /** Each pair with its file and line. */
  private static List<String> places(String path) {
    return CorpusReader.read(LocalSpark.session(), path, "auto")
        .splits()
        .get(Split.TRAIN)
        .selectExpr("concat(prompt, '|', story, ' ', file, ' ', line)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** File, line and fault of each pair that has one. */
  private static List<String> faults(String path) {
    return CorpusReader.read(LocalSpark.session(), path, "auto")
        .splits()
        .get(Split.TRAIN)
        .filter("fault is not null")
        .selectExpr("concat(substring_index(file, '/', -1), ':', line, ' ', fault)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), text);
  }

  private void compressed(String file, Class<? extends CompressionCodec> codec, String text)
      throws IOException {
    try (OutputStream out =
        ReflectionUtils.newInstance(codec, hadoop())
            .createOutputStream(Files.newOutputStream(folder.resolve(file)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String lines(int count, IntFunction<String> line) {
    return String.join("\n", IntStream.range(0, count).mapToObj(line).toList());
  }

  private static Configuration hadoop() {
    return LocalSpark.context().hadoopConfiguration();
  }
}
