package storyloom.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;

final class AppendLogTest {

  private static final Path FULL_DISK = Path.of("/dev/full");

  @TempDir Path folder;

  private AppendLog open(Path file) {
    return AppendLog.open(
        new org.apache.hadoop.fs.Path(file.toString()), new Configuration(), line -> true);
  }

  @Test
  void linesAreAddedToThoseThatAreKept() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "one\ntwo\nthree");

    try (AppendLog log =
        AppendLog.open(
            new org.apache.hadoop.fs.Path(file.toUri()),
            new Configuration(),
            line -> !line.equals("two"))) {
      log.add("four …");
      assertThat(file).hasContent("one\nthree\nfour …\n");
    }

    assertThat(file).hasContent("one\nthree\nfour …\n");
  }

  @Test
  void oldFileStandsUntilTheNewOneTakesItsPlace() throws IOException {
    assumeTrue(Files.exists(FULL_DISK));
    Path file = Files.writeString(folder.resolve("log"), "one\n");
    Files.createSymbolicLink(folder.resolve("_log"), FULL_DISK);

    assertThatThrownBy(() -> open(file)).isInstanceOf(UserException.class);

    assertThat(file).hasContent("one\n");
  }

  @Test
  void fullDiskIsAMistakeThatNamesTheFileAndSaysWhatToDo() throws IOException {
    assumeTrue(Files.exists(FULL_DISK));
    Path file = folder.resolve("log");
    Files.createSymbolicLink(folder.resolve("_log"), FULL_DISK);

    assertThatThrownBy(
            () -> {
              try (AppendLog log = open(file)) {
                log.add("one");
              }
            })
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot write file:" + file + ": No space left on device")
        .hasMessageContaining("--resume")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(ExitStatus.DATA);
  }

  @Test
  void placeThatCannotBeWrittenIsAMistakeThatNamesTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("runs"), "in the way").resolve("r/log");

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(file.toString())
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(ExitStatus.DATA);
  }

  @Test
  void whereNothingCanBeAddedTheFileIsWrittenAnewWhenItMustStay() throws IOException {
    Configuration configuration = new Configuration();
    configuration.setClass("fs.store.impl", StoreFiles.class, RawLocalFileSystem.class);
    Path file = Files.writeString(folder.resolve("log"), "one\ntwo\n");
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("store://" + file);

    try (AppendLog log = AppendLog.open(path, configuration, line -> line.equals("one"))) {
      assertThat(file).hasContent("one\n");
      log.add("three");
      log.settle();
      assertThat(file).hasContent("one\nthree\n");
      log.add("four");
    }

    assertThat(file).hasContent("one\nthree\nfour\n");
    assertThat(folder.resolve("_log")).doesNotExist();
  }

  /** A folder that behaves as object stores do: a file is there when it is whole. */
  public static final class StoreFiles extends RawLocalFileSystem {

    @Override
    public URI getUri() {
      return URI.create("store:///");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return new FSDataOutputStream(new Upload(pathToFile(path).toPath()), statistics);
    }
  }

  private static final class Upload extends ByteArrayOutputStream implements Syncable {
    private final Path target;

    Upload(Path target) {
      this.target = target;
    }

    @Override
    public void hflush() {
      throw new UnsupportedOperationException("an upload cannot be flushed");
    }

    @Override
    public void hsync() {
      hflush();
    }

    @Override
    public void close() throws IOException {
      Files.write(target, toByteArray());
    }
  }
}
