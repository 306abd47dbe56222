package storyloom.pipeline.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.Pairs;

class CorpusFingerprintTest {

  @TempDir Path folder;

  @BeforeEach
  void writeACorpus() throws IOException {
    Files.writeString(folder.resolve("train.wp_source"), "a wolf\na fox\n");
    Files.writeString(folder.resolve("train.wp_target"), "It ran.\nIt hid.\n");
  }

  private String hash() {
    return CorpusFingerprint.hash(LocalSpark.context(), folder.toString(), "auto");
  }

  @Test
  void theSameFilesHaveTheSameHashWhenTouched() throws IOException {
    String before = hash();
    Files.setLastModifiedTime(folder.resolve("train.wp_source"), FileTime.from(Instant.EPOCH));

    assertThat(hash()).matches("[0-9a-f]{64}").isEqualTo(before);
  }

  @Test
  void aChangedByteShowsThoughLengthAndTimeAreTheOldOnes() throws IOException {
    String before = hash();
    Path stories = folder.resolve("train.wp_target");
    FileTime time = Files.getLastModifiedTime(stories);
    Files.writeString(stories, "It ran.\nIt hit.\n");
    Files.setLastModifiedTime(stories, time);

    assertThat(hash()).isNotEqualTo(before);
  }

  @Test
  void exchangedHalvesShow() throws IOException {
    String before = hash();
    Files.move(folder.resolve("train.wp_source"), folder.resolve("aside"));
    Files.move(folder.resolve("train.wp_target"), folder.resolve("train.wp_source"));
    Files.move(folder.resolve("aside"), folder.resolve("train.wp_target"));

    assertThat(hash()).isNotEqualTo(before);
  }

  @Test
  void onlyFilesOfTheCorpusCount() throws IOException {
    String before = hash();
    Files.writeString(folder.resolve("notes.md"), "not of the corpus");
    assertThat(hash()).isEqualTo(before);

    Files.writeString(folder.resolve("valid.wp_source"), "a cat\n");
    Files.writeString(folder.resolve("valid.wp_target"), "It slept.\n");
    assertThat(hash()).isNotEqualTo(before);
  }

  @Test
  void aChangeBehindTheFirstBlockOfALargeFileShows() throws IOException {
    Path stories = folder.resolve("train.wp_target");
    try (RandomAccessFile sparse = new RandomAccessFile(stories.toFile(), "rw")) {
      sparse.setLength((64L << 20) + 1000);
      String before = hash();
      sparse.seek((64L << 20) + 10);
      sparse.write('x');

      assertThat(hash()).isNotEqualTo(before);
    }
  }

  @Test
  void whatSparkWroteAsOneFileCountsWithAllItsParts() throws IOException {
    Pairs.of("a wolf|It ran.", "a fox|It hid.")
        .repartition(2)
        .write()
        .parquet(folder.resolve("pairs.parquet").toString());
    String path = folder.resolve("pairs.parquet").toString();
    String before = CorpusFingerprint.hash(LocalSpark.context(), path, "auto");
    Files.writeString(folder.resolve("pairs.parquet/_SUCCESS"), "not read");
    assertThat(CorpusFingerprint.hash(LocalSpark.context(), path, "auto")).isEqualTo(before);

    Pairs.of("a cat|It slept.").write().mode("append").parquet(path);
    assertThat(CorpusFingerprint.hash(LocalSpark.context(), path, "auto")).isNotEqualTo(before);
  }

  @Test
  void aMissingCorpusIsTheUsersMistake() {
    assertThatThrownBy(
            () -> CorpusFingerprint.hash(LocalSpark.context(), folder + "/nothing", "auto"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nothing");
  }
}
