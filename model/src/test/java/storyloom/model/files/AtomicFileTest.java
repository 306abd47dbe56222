package storyloom.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private java.nio.file.Path directory;
  private AtomicFile file;

  /** A way to replace the content. */
  private interface Replacement {
    void write(AtomicFile file, HadoopFiles.Content content) throws IOException;
  }

  @BeforeEach
  void name() {
    file = new AtomicFile(new Path(directory.resolve("current").toUri()), new Configuration());
  }

  @Test
  void aMissingFileHoldsNothing() throws IOException {
    assertThat(file.read()).isEmpty();
  }

  @Test
  void everyWayOfReplacingWritesAndReplacesTheContent() throws IOException {
    for (Replacement way :
        List.<Replacement>of(
            AtomicFile::write,
            AtomicFile::writeAndMove,
            AtomicFile::writeAndRename,
            AtomicFile::writeOver)) {
      Files.deleteIfExists(directory.resolve("current"));
      way.write(file, out -> out.write("first, a longer line\n".getBytes(UTF_8)));
      assertThat(file.read()).contains("first, a longer line");
      way.write(file, out -> out.write("second\n".getBytes(UTF_8)));
      assertThat(file.read()).contains("second");
      assertThat(directory.resolve("current")).hasContent("second\n");
      assertThat(directory.toFile().list((parent, name) -> name.startsWith("_"))).isEmpty();
    }
  }

  @Test
  void theLocalFileSystemKeepsNothingBesideTheFile() throws IOException {
    file.replace("first");
    file.replace("second");

    assertThat(directory.toFile().list()).containsExactly("current");
  }

  @Test
  void whatIsThereIsNotMadeAgain() throws IOException {
    assertThat(file.create("first")).isTrue();
    assertThat(file.create("second")).isFalse();

    assertThat(file.read()).contains("first");
  }
}
