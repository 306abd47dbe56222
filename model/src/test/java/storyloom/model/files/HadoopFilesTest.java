package storyloom.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HadoopFilesTest {

  @TempDir private java.nio.file.Path folder;

  private static FileSystem local() {
    return HadoopFiles.of(new Path("file:/"), new Configuration());
  }

  @Test
  void aFileIsWrittenFromStartToEnd() throws IOException {
    java.nio.file.Path file = folder.resolve("a");

    HadoopFiles.write(local(), new Path(file.toUri()), false, out -> out.write(new byte[] {1, 2}));

    assertThat(file).hasBinaryContent(new byte[] {1, 2});
    assertThat(folder).isDirectoryNotContaining("glob:**.crc");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aBrokenDiskIsAnIoException() {
    Path unreadable = new Path("file:/proc/self/mem");

    assertThatThrownBy(() -> HadoopFiles.read(local(), unreadable, InputStream::readAllBytes))
        .isInstanceOf(IOException.class)
        .hasMessage("Input/output error");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsAnIoException() {
    Path full = new Path("file:/dev/full");

    assertThatThrownBy(
            () -> HadoopFiles.write(local(), full, true, out -> out.write(new byte[1 << 20])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
  }
}
