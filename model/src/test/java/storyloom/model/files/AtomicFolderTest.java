package storyloom.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;

final class AtomicFolderTest {

  @TempDir Path folder;

  private AtomicFolder stories(boolean overwrite) {
    return new AtomicFolder(
        folder.resolve("stories.parquet").toString(), overwrite, new Configuration());
  }

  private static void write(AtomicFolder stories, String text) throws IOException {
    Path files = Path.of(stories.staging().toUri().getPath());
    Files.createDirectories(files);
    Files.writeString(files.resolve("part"), text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void folderAppearsWhenItIsWhole() throws IOException {
    try (AtomicFolder stories = stories(false)) {
      write(stories, "new");
      assertThat(names()).doesNotContain("stories.parquet");
      stories.commit();
    }

    assertThat(names()).containsExactly("stories.parquet");
    assertThat(folder.resolve("stories.parquet/part")).hasContent("new");
  }

  @Test
  void checksumsOfHadoopsLocalFileSystemAreLeftOut() throws IOException {
    try (AtomicFolder stories = stories(false)) {
      FileSystem local = stories.staging().getFileSystem(new Configuration());
      local.create(new org.apache.hadoop.fs.Path(stories.staging(), "part")).close();
      local.create(new org.apache.hadoop.fs.Path(stories.staging(), "_SUCCESS")).close();
      stories.commit();
    }

    assertThat(folder.resolve("stories.parquet").toFile().list())
        .containsExactlyInAnyOrder("part", "_SUCCESS");
  }

  @Test
  void whatWasNotFinishedIsRemoved() throws IOException {
    try (AtomicFolder stories = stories(false)) {
      write(stories, "half");
    }

    assertThat(names()).isEmpty();
  }

  @Test
  void folderThatExistsIsRefused() throws IOException {
    Files.createDirectory(folder.resolve("stories.parquet"));

    assertThatThrownBy(() -> stories(false))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("stories.parquet")
        .hasMessageContaining("--overwrite")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }

  @Test
  void oldOneStaysUntilTheNewOneIsWhole() throws IOException {
    Path old = Files.createDirectory(folder.resolve("stories.parquet"));
    Files.writeString(old.resolve("part"), "old");

    try (AtomicFolder stories = stories(true)) {
      write(stories, "half");
    }
    assertThat(old.resolve("part")).hasContent("old");

    try (AtomicFolder stories = stories(true)) {
      write(stories, "new");
      stories.commit();
    }
    assertThat(old.resolve("part")).hasContent("new");
    assertThat(names()).containsExactly("stories.parquet");
  }
}
