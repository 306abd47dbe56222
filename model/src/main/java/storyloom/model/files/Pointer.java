package storyloom.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** A file of one line that is replaced whole: its readers see the old line or the new one. */
public final class Pointer {

  private final Path file;
  private final Configuration configuration;
  private final FileSystem files;

  public Pointer(Path file, Configuration configuration) {
    this.file = file;
    this.configuration = configuration;
    this.files = HadoopFiles.of(file, configuration);
  }

  /** The line; empty if there is no such file. */
  public Optional<String> read() throws IOException {
    try (InputStream in = files.open(file)) {
      return Optional.of(new String(in.readAllBytes(), UTF_8).strip());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes the file, unless it is there. Of several that try, one succeeds where the file system
   * makes files so; object stores do not, and their users read back what stands there.
   *
   * @return whether this one has made it
   */
  public boolean create(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    try {
      if (files.getUri().getScheme().equals("file")) {
        Files.write(localFile(), bytes, StandardOpenOption.CREATE_NEW);
      } else {
        HadoopFiles.write(files, file, false, out -> out.write(bytes));
      }
      return true;
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Replaces the line by the means that its file system has for it. */
  public void replace(String line) throws IOException {
    switch (files.getUri().getScheme()) {
      case "file" -> moveOver(line);
      case "hdfs", "viewfs" -> renameOver(line);
      default -> overwrite(line);
    }
  }

  /** Removes the file, if there is one. */
  public void delete() throws IOException {
    files.delete(file, false);
  }

  /** For the local file system, whose Hadoop rename is not atomic onto a file that exists. */
  void moveOver(String line) throws IOException {
    java.nio.file.Path target = localFile();
    java.nio.file.Path fresh = target.resolveSibling(temporaryName());
    try {
      Files.writeString(
          fresh, line + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.DSYNC);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** For file systems with an atomic rename, such as HDFS. */
  void renameOver(String line) throws IOException {
    Path fresh = new Path(file.getParent(), temporaryName());
    try {
      overwrite(fresh, line);
      FileContext.getFileContext(files.getUri(), configuration)
          .rename(fresh, file, Rename.OVERWRITE);
    } finally {
      files.delete(fresh, false);
    }
  }

  /** For object stores, which show a file only when it is whole. */
  void overwrite(String line) throws IOException {
    overwrite(file, line);
  }

  private void overwrite(Path target, String line) throws IOException {
    HadoopFiles.write(files, target, true, out -> out.write((line + "\n").getBytes(UTF_8)));
  }

  private java.nio.file.Path localFile() {
    return java.nio.file.Path.of(file.toUri().getPath());
  }

  private String temporaryName() {
    return "_" + file.getName() + "-" + UUID.randomUUID();
  }
}
