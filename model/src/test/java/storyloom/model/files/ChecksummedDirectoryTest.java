package storyloom.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;

class ChecksummedDirectoryTest {

  @TempDir private java.nio.file.Path parent;

  @Test
  void nothingStandsUnderItsNameBeforeItIsCommitted() {
    try (ChecksummedDirectory.Writer writer = writer()) {
      writer.write("a", out -> out.write(1));

      assertThat(parent.toFile().list())
          .singleElement()
          .satisfies(name -> assertThat(name).startsWith("_unfinished-"));
      writer.commit("done");
      assertThat(parent.toFile().list()).containsExactly("done");
    }
    assertThat(parent.resolve("done/a")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void whatFailsLeavesNothingBehind() {
    assertThatThrownBy(
            () -> {
              try (ChecksummedDirectory.Writer writer = writer()) {
                writer.write("a", out -> out.write(1));
                writer.write(
                    "b",
                    out -> {
                      throw new IOException("No space left on device");
                    });
              }
            })
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(parent.toString(), "No space left on device");
    assertThat(parent).isEmptyDirectory();
  }

  /** Hadoop's local file system throws an error, no exception, where a disk is full. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullLocalDiskIsAMistakeToo() {
    Path full = new Path("/dev/full");
    assertThatThrownBy(
            () -> {
              try (ChecksummedDirectory.Writer writer = writer()) {
                writer.write(
                    "a",
                    out -> {
                      try (OutputStream disk =
                          HadoopFiles.of(full, new Configuration()).create(full, true)) {
                        disk.write(new byte[1 << 20]);
                      }
                    });
              }
            })
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(parent.toString(), "No space left on device", "make room");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void whatIsNotCommittedIsRemoved() {
    try (ChecksummedDirectory.Writer writer = writer()) {
      writer.write("a", out -> out.write(1));
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void aNameThatIsTakenStaysAsItWas() throws IOException {
    Files.createDirectory(parent.resolve("done"));
    try (ChecksummedDirectory.Writer writer = writer()) {
      assertThatThrownBy(() -> writer.commit("done"))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("done exists already");
    }
    assertThat(parent.toFile().list()).containsExactly("done");
    assertThat(parent.resolve("done")).isEmptyDirectory();
  }

  @Test
  void filesMayStandBesideThoseOfABundle() {
    try (ChecksummedDirectory.Writer writer = writer()) {
      writer.write("optimiser.safetensors", out -> out.write(new byte[] {1, 2, 3}));
      writer.commit("checkpoint");
    }
    ChecksummedDirectory directory =
        ChecksummedDirectory.open(
            new Path(parent.resolve("checkpoint").toUri()), new Configuration());

    directory.verify();
    assertThat(directory.<Long>read("optimiser.safetensors", (in, length, file) -> length))
        .isEqualTo(3);
    assertThatThrownBy(() -> directory.sha256("position.json"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("SHA256SUMS does not list position.json");
  }

  @Test
  void aFileLargerThanItMayBeIsNotRead() {
    try (ChecksummedDirectory.Writer writer = writer()) {
      writer.write("a", out -> out.write(new byte[2000]));
      writer.commit("done");
    }
    ChecksummedDirectory directory =
        ChecksummedDirectory.open(new Path(parent.resolve("done").toUri()), new Configuration());

    assertThat(directory.<Integer>read("a", 2000, (in, length, file) -> in.readAllBytes().length))
        .isEqualTo(2000);
    assertThatThrownBy(
            () ->
                directory.read(
                    "a",
                    1999,
                    (in, length, file) -> {
                      throw new AssertionError("read");
                    }))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("done/a has 2,000 bytes, more than the 1,999 that it may have");
  }

  private ChecksummedDirectory.Writer writer() {
    return new ChecksummedDirectory.Writer(new Path(parent.toUri()), new Configuration());
  }
}
