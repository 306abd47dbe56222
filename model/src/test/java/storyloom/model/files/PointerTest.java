package storyloom.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointerTest {

  @TempDir private java.nio.file.Path directory;
  private Pointer pointer;

  /** A way to replace the line. */
  private interface Replacement {
    void replace(Pointer pointer, String line) throws IOException;
  }

  @BeforeEach
  void name() {
    pointer = new Pointer(new Path(directory.resolve("current").toUri()), new Configuration());
  }

  @Test
  void aMissingFileHoldsNothing() throws IOException {
    assertThat(pointer.read()).isEmpty();
  }

  @Test
  void everyWayOfReplacingWritesAndReplacesTheLine() throws IOException {
    for (Replacement way :
        List.<Replacement>of(
            Pointer::replace, Pointer::moveOver, Pointer::renameOver, Pointer::overwrite)) {
      Files.deleteIfExists(directory.resolve("current"));
      way.replace(pointer, "first, a longer line");
      assertThat(pointer.read()).contains("first, a longer line");
      way.replace(pointer, "second");
      assertThat(pointer.read()).contains("second");
      assertThat(directory.resolve("current")).hasContent("second\n");
      assertThat(directory.toFile().list((parent, name) -> name.startsWith("_"))).isEmpty();
    }
  }

  @Test
  void theLocalFileSystemKeepsNothingBesideTheFile() throws IOException {
    pointer.replace("first");
    pointer.replace("second");

    assertThat(directory.toFile().list()).containsExactly("current");
  }

  @Test
  void whatIsThereIsNotMadeAgain() throws IOException {
    assertThat(pointer.create("first")).isTrue();
    assertThat(pointer.create("second")).isFalse();

    assertThat(pointer.read()).contains("first");
  }
}
