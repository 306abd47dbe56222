package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.CorpusReader;

/** Every corpus that cannot be used is refused by name, before any training. */
class CorpusRefusalTest {

  private static final String PAIR = "{\"prompt\":\"p\",\"story\":\"s\"}";

  private CorpusFolder corpus;

  @BeforeEach
  void emptyFolder(@TempDir Path folder) {
    corpus = new CorpusFolder(folder);
  }

  @Test
  void aMissingFileOfTwoIsNamed() throws IOException {
    corpus.write("prompts.txt", "p\n");

    assertThatThrownBy(
            () ->
                CorpusReader.readAligned(
                    LocalSpark.session(),
                    corpus.path() + "/prompts.txt",
                    corpus.path() + "/stories.txt"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("does not exist")
        .hasMessageContaining("stories.txt");
  }

  @Test
  void unequalHalvesAreNamedWithTheirCounts() throws IOException {
    halves("p\nq\nr\n", "s\nt\n");

    assertRefused()
        .hasMessageContaining("train.wp_source has 3 lines")
        .hasMessageContaining("train.wp_target has 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wp_source", "wp_target"})
  void aMissingHalfIsNamed(String present) throws IOException {
    corpus.write("train." + present, "p\n");

    String absent = present.equals("wp_source") ? "wp_target" : "wp_source";
    assertRefused().hasMessageContaining("train." + absent + " is missing");
  }

  @Test
  void aMissingHalfOfAnySplitIsNamed() throws IOException {
    halves("p\n", "s\n");
    corpus.write("test.wp_source", "p\n");

    assertRefused().hasMessageContaining("test.wp_target is missing");
  }

  @Test
  void emptyFilesAreNamed() throws IOException {
    halves("", "");

    assertRefused().hasMessageContaining("train.wp_source").hasMessageContaining("0 lines");
  }

  @Test
  void anEmptyTableIsNamed() throws IOException {
    corpus.write("train.csv", "prompt,story\n");

    assertRefused().hasMessageContaining("train.csv is empty: 0 pairs");
  }

  @Test
  void aFolderWithoutTrainingPairsSaysWhatWasExpected() throws IOException {
    corpus.write("valid.jsonl", PAIR);

    assertRefused()
        .hasMessageContaining(corpus.path().toString())
        .hasMessageContaining("train.wp_source and train.wp_target, or train.parquet");
  }

  @Test
  void aMissingColumnIsNamedWithThoseFound() throws IOException {
    corpus.write("train.jsonl", "{\"prompt\":\"p\",\"text\":\"s\"}");

    assertRefused()
        .hasMessageContaining("train.jsonl has no column story")
        .hasMessageContaining("prompt, text");
  }

  @Test
  void aColumnOfAnotherTypeIsNamed() {
    Pairs.of("p|s")
        .selectExpr("prompt", "array(story) as story")
        .write()
        .parquet(corpus.path() + "/train.parquet");

    assertRefused().hasMessageContaining("column story").hasMessageContaining("list");
  }

  @Test
  void aMissingPathIsNamed() {
    assertThatThrownBy(() -> CorpusFolder.trainAt(corpus.path() + "/nowhere", "auto"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(corpus.path() + "/nowhere")
        .extracting("status")
        .isEqualTo(3);
  }

  @Test
  void aFileThatIsNotParquetIsNamed() throws IOException {
    corpus.write("train.parquet", "no parquet");

    assertRefused().hasMessageContaining("train.parquet as parquet");
  }

  @Test
  void aDamagedCompressedFileIsNamed() throws IOException {
    corpus.write("train.wp_source.gz", "not compressed");
    corpus.write("train.wp_target", "s\n");

    assertRefused().hasMessageContaining("train.wp_source.gz");
  }

  @Test
  void twoFormatsAskForAChoice() throws IOException {
    corpus.write("train.jsonl", PAIR);
    corpus.write("train.csv", "prompt,story\nq,t\n");

    assertRefused().hasMessageContaining("[json, csv]").hasMessageContaining("corpus.format");
    assertThat(corpus.train("csv")).containsExactly("q|t");
  }

  @Test
  void twoFilesForTheSameSplitAskForAChoice() throws IOException {
    corpus.write("train.jsonl", PAIR);
    corpus.write("train.json", PAIR);

    assertRefused().hasMessageContaining("keep one");
  }

  @Test
  void anUnknownFormatIsAMistakeOfUsage() {
    assertThatThrownBy(() -> corpus.train("xml"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("corpus.format")
        .extracting("status")
        .isEqualTo(2);
  }

  private void halves(String source, String target) throws IOException {
    corpus.write("train.wp_source", source);
    corpus.write("train.wp_target", target);
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(() -> corpus.read("auto"))
        .isInstanceOf(UserException.class)
        .satisfies(refusal -> assertThat(((UserException) refusal).status()).isEqualTo(3))
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
  }
}
