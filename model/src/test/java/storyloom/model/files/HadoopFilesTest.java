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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;

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

  @ParameterizedTest
  @CsvSource({
    "s3a://bucket/home, --packages org.apache.hadoop:hadoop-aws:",
    "abfss://box@account.dfs.core.windows.net/home, --packages org.apache.hadoop:hadoop-azure:",
    "gs://bucket/home, --packages com.google.cloud.bigdataoss:gcs-connector:",
    "s3://bucket/home, 's3a://, not s3://'",
    "sa3://bucket/home, misspelt"
  })
  void fileSystemThatIsMissingIsNamedWithWhatBringsIt(String path, String remedy) {
    assertThatThrownBy(() -> HadoopFiles.of(new Path(path), new Configuration()))
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageStartingWith("cannot reach " + path + ": there is no file system for")
        .hasMessageContaining(remedy);
  }

  @Test
  void settingsOfSparkSubmitReachHadoopWithoutSpark() {
    System.setProperty("spark.hadoop.fs.s3a.endpoint", "http://store");
    try {
      assertThat(HadoopFiles.configuration().get("fs.s3a.endpoint")).isEqualTo("http://store");
    } finally {
      System.clearProperty("spark.hadoop.fs.s3a.endpoint");
    }
  }
}
