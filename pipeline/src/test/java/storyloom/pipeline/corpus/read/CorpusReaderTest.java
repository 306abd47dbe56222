package storyloom.pipeline.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.CorpusFolder;
import storyloom.pipeline.corpus.Pairs;

/** What belongs to a corpus, whatever its format. */
class CorpusReaderTest {

  private CorpusFolder corpus;

  @BeforeEach
  void emptyFolder(@TempDir Path folder) {
    corpus = new CorpusFolder(folder);
  }

  @AfterEach
  void wholeFiles() {
    corpus.close();
  }

  @Test
  void aPatternOfFoldersIsOneCorpus() throws IOException {
    Files.createDirectories(corpus.path().resolve("a,1"));
    Files.createDirectories(corpus.path().resolve("a[2"));
    corpus.write("a,1/train.wp_source", "p\n");
    corpus.write("a,1/train.wp_target", "s\n");
    corpus.write("a[2/train.wp_source", "q\n");
    corpus.write("a[2/train.wp_target", "t\n");

    assertThat(CorpusFolder.trainAt(corpus.path() + "/a*", "auto")).containsExactly("p|s", "q|t");
  }

  @Test
  void aPatternOfFilesKeepsTheSplitsApart() throws IOException {
    for (String split : List.of("train", "valid", "test", "extra")) {
      corpus.write(split + ".jsonl", "{\"prompt\":\"p\",\"story\":\"" + split + "\"}\n");
    }

    RawCorpus read = CorpusReader.read(LocalSpark.session(), corpus.path() + "/*.jsonl", "auto");

    assertThat(read.splits()).containsOnlyKeys(Split.TRAIN, Split.VALID, Split.TEST);
    assertThat(Pairs.in(read.splits().get(Split.TRAIN))).containsExactly("p|extra", "p|train");
  }

  @Test
  void pairsKnowTheirFileAndLine() throws IOException {
    corpus.splitInto(3);
    corpus.write("train.wp_source", "p\nq\n");
    corpus.write("train.wp_target", "s\nt\n");
    corpus.write("valid.jsonl", "\n{\"prompt\":\"p\",\"story\":\"s\"}\n");
    Files.createDirectories(corpus.path().resolve("csv/train.csv"));
    corpus.write("csv/train.csv/part-1.csv", "prompt,story\np,\"s\nt\"\nq,u");
    corpus.write("csv/train.csv/part-2.csv", "story,prompt\nv,r\n");
    corpus.write("csv/train.csv/_SUCCESS", "");
    String name = corpus.path().getFileName() + "/";

    assertThat(CorpusFolder.places(corpus.path() + "/train.wp_source"))
        .containsExactly("p|s " + name + "train.wp_source 1", "q|t " + name + "train.wp_source 2");
    assertThat(CorpusFolder.places(corpus.path() + "/valid.jsonl"))
        .containsExactly("p|s " + name + "valid.jsonl 2");
    assertThat(CorpusFolder.places(corpus.path() + "/csv"))
        .containsExactly(
            "p|s\nt train.csv/part-1.csv 2",
            "q|u train.csv/part-1.csv 4",
            "r|v train.csv/part-2.csv 2");
  }

  @Test
  void linesOfTenMegabytesAreRead() throws IOException {
    String story = "word ".repeat(2_000_000);
    corpus.write("lines/train.wp_source", "p\nq\n");
    corpus.write("lines/train.wp_target", story + "\nt\n");
    corpus.write("json/train.jsonl", "{\"prompt\":\"p\",\"story\":\"" + story + "\"}\n");

    for (String each : List.of("/lines", "/json")) {
      Dataset<Row> train =
          CorpusReader.read(LocalSpark.session(), corpus.path() + each, "auto")
              .splits()
              .get(Split.TRAIN);
      assertThat(train.selectExpr("max(length(story))").first().getInt(0))
          .isEqualTo(story.length());
    }
  }

  @Test
  void aFileOfAnotherEndingIsReadAsTheFormatAskedFor() throws IOException {
    corpus.write("pairs.txt", "{\"prompt\":\"p\",\"story\":\"s\"}");

    assertThat(CorpusFolder.trainAt(corpus.path() + "/pairs.txt", "json")).containsExactly("p|s");
    assertThatThrownBy(() -> CorpusFolder.trainAt(corpus.path() + "/pairs.txt", "auto"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("pairs.txt is not of a known format");
  }
}
