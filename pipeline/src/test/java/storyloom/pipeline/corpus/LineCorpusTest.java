package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.pipeline.corpus.CorpusFolder.latin1;
import static storyloom.pipeline.corpus.CorpusFolder.lines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.GzipCodec;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.files.Sha256;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;

/** Line files: line i of one belongs to line i of the other, however they are split. */
class LineCorpusTest {

  private CorpusFolder corpus;

  @BeforeEach
  void emptyFolder(@TempDir Path folder) {
    corpus = new CorpusFolder(folder);
  }

  @AfterEach
  void wholeFiles() {
    corpus.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 4096})
  void linesStayAlignedWhateverTheSplits(int splitSize) throws IOException {
    corpus.splitInto(splitSize);
    corpus.write("train.wp_source", "a\nbb\n\nccc\nd d\n");
    corpus.write("train.wp_target", "a long story\n\nanother one\r\nb\nthe end");

    assertThat(corpus.train("auto"))
        .containsExactly("a|a long story", "bb|", "ccc|b", "d d|the end", "|another one");
  }

  @Test
  void manyLinesInManySplitsStayAligned() throws IOException {
    corpus.splitInto(5000);
    corpus.write("train.wp_source", lines(3000, i -> "p" + i));
    corpus.write("train.wp_target", lines(3000, i -> ("s" + i + " ").repeat(1 + i % 7).strip()));

    assertThat(corpus.train("lines"))
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
    corpus.write("train.wp_source", "p\u2028q\u0085r\fs\rt\r\nnext\n");
    corpus.write("train.wp_target", "one\ntwo\n");

    assertThat(corpus.train("auto")).containsExactly("next|two", "p\u2028q\u0085r\fs\rt|one");
  }

  @Test
  void aByteOrderMarkIsNoText() throws IOException {
    corpus.write("train.wp_source", "\uFEFFp\n");
    corpus.write("train.wp_target", "\uFEFFs\n");

    assertThat(corpus.train("auto")).containsExactly("p|s");
  }

  @Test
  void aCompressedHalfFitsAPlainOne() throws IOException {
    corpus.compressed("train.wp_source.gz", GzipCodec.class, "p\nq\n");
    corpus.write("train.wp_target", "s\nt\n");
    corpus.compressed("valid.wp_target.bz2", BZip2Codec.class, "v");
    corpus.write("valid.wp_source", "u");

    RawCorpus read = corpus.read("auto");

    assertThat(Pairs.in(read.splits().get(Split.TRAIN))).containsExactly("p|s", "q|t");
    assertThat(Pairs.in(read.splits().get(Split.VALID))).containsExactly("u|v");
  }

  @Test
  void aLongBzip2FileIsReadInParts() throws IOException {
    corpus.splitInto(100_000);
    int lines = 60_000;
    // hard to compress, so that there are several blocks of 900 kB
    String stories = lines(lines, i -> "s" + i + " " + Sha256.hex("story " + i));
    corpus.compressed("train.wp_target.bz2", BZip2Codec.class, stories);
    corpus.write("train.wp_source", lines(lines, i -> "s" + i));

    Dataset<Row> train = corpus.read("auto").splits().get(Split.TRAIN);

    assertThat(train.count()).isEqualTo(lines);
    assertThat(train.filter("not startswith(story, prompt || ' ')").count()).isZero();
  }

  @Test
  void aFileOfPromptsBringsItsStories() throws IOException {
    corpus.write("mine.wp_source", "p\n");
    corpus.write("mine.wp_target", "s\n");
    corpus.write("valid.wp_source", "left alone\n");

    assertThat(CorpusFolder.trainAt(corpus.path() + "/mine.wp_source", "auto"))
        .containsExactly("p|s");
  }

  @Test
  void twoFilesOfAnyNameAreReadAligned() throws IOException {
    corpus.write("prompts.txt", "p\nq\n");
    corpus.write("stories.txt", "s\nt\n");

    assertThat(
            Pairs.in(
                CorpusReader.readAligned(
                    LocalSpark.session(),
                    corpus.path() + "/prompts.txt",
                    corpus.path() + "/stories.txt")))
        .containsExactly("p|s", "q|t");
  }

  @Test
  void linesThatAreNotUtf8AreFoundOut() throws IOException {
    Files.write(
        corpus.path().resolve("train.wp_source"), latin1("p\ncaf\u00E9\nq \u00C3\u00A9\nr\n"));
    Files.write(corpus.path().resolve("train.wp_target"), latin1("s\nt\nu\nna\u00EFve\n"));

    assertThat(corpus.faults())
        .containsExactly("train.wp_source:2 invalid-utf8", "train.wp_target:4 invalid-utf8");
    assertThat(corpus.train("auto")).contains("p|s", "q é|u");
  }

  @Test
  void aReplacementCharacterIsUtf8() throws IOException {
    corpus.write("train.wp_source", "p \uFFFD\n");
    corpus.write("train.wp_target", "s\n");

    assertThat(corpus.faults()).isEmpty();
  }
}
