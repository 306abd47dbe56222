package storyloom.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
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

/**
 * A small file that is replaced whole: its readers see the old content or the new one, never none
 * and never a part. Each kind of file system has its own means:
 *
 * <ul>
 *   <li>the local one: written beside its place, synchronised, and moved over by java.nio's {@code
 *       ATOMIC_MOVE}; Hadoop's own rename is not atomic onto a file that exists, and would leave a
 *       {@code .crc} that goes stale;
 *   <li>HDFS: written beside its place and renamed over by {@link FileContext} with {@code
 *       OVERWRITE}, one step of the name node;
 *   <li>object stores and all others: written over. An object shows when it is whole, and a rename
 *       would be a copy.
 * </ul>
 */
public final class AtomicFile {

  private static final String LOCAL = "file";

  /** Names, states and figures of a model take some hundreds. */
  private static final int MOST_BYTES = 1 << 20;

  private final Path file;
  private final Configuration configuration;
  private final FileSystem files;

  /**
   * @param file any Hadoop URI; need not exist
   * @throws storyloom.model.UserException of usage if there is no such file system
   */
  public AtomicFile(Path file, Configuration configuration) {
    this.file = file;
    this.configuration = configuration;
    this.files = HadoopFiles.of(file, configuration);
  }

  /**
   * What a file of one line holds; empty if there is no such file.
   *
   * @throws IOException if it cannot be read, or is too large to be one that was written here
   */
  public Optional<String> read() throws IOException {
    try {
      byte[] bytes = HadoopFiles.readAtMost(MOST_BYTES, files, file);
      return Optional.of(new String(bytes, UTF_8).strip());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes a file of one line, unless it is there. Of several that try, one succeeds if {@link
   * #isMadeOnce}; elsewhere several may.
   *
   * @return whether this one has made it
   * @throws IOException if it cannot be written
   */
  public boolean create(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    try {
      if (isLocal(files)) {
        Files.write(local(file), bytes, StandardOpenOption.CREATE_NEW);
      } else {
        HadoopFiles.write(files, file, false, out -> out.write(bytes));
      }
      return true;
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Whether of several that {@link #create} the file in one moment one succeeds: by the operating
   * system locally, by the name node on HDFS. Of object stores that is not known: S3A of Hadoop 3.3
   * looks whether there is such an object, and then puts one.
   */
  public boolean isMadeOnce() {
    return replacesByRename(files);
  }

  /** Replaces the content by one line. */
  public void replace(String line) throws IOException {
    write(out -> out.write((line + "\n").getBytes(UTF_8)));
  }

  /** Replaces the content. */
  public void write(HadoopFiles.Content content) throws IOException {
    if (isLocal(files)) {
      writeAndMove(content);
    } else if (renamesOver(files)) {
      writeAndRename(content);
    } else {
      writeOver(content);
    }
  }

  /** Removes the file, if there is one. */
  public void delete() throws IOException {
    files.delete(file, false);
  }

  void writeAndMove(HadoopFiles.Content content) throws IOException {
    java.nio.file.Path fresh = local(beside(file));
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  fresh,
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DSYNC))) {
        content.writeTo(out);
      }
      moveOver(fresh, local(file));
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  void writeAndRename(HadoopFiles.Content content) throws IOException {
    Path fresh = beside(file);
    try {
      HadoopFiles.write(files, fresh, true, content);
      renameOver(files, fresh, file, configuration);
    } finally {
      files.delete(fresh, false);
    }
  }

  void writeOver(HadoopFiles.Content content) throws IOException {
    HadoopFiles.write(files, file, true, content);
  }

  /** Whether a file can be put over another in one step; elsewhere it is written over. */
  static boolean replacesByRename(FileSystem files) {
    return isLocal(files) || renamesOver(files);
  }

  /**
   * Puts a file over another in one step.
   *
   * @param files where {@link #replacesByRename}
   * @param from may still be open for writing
   */
  static void putOver(FileSystem files, Path from, Path to, Configuration configuration)
      throws IOException {
    if (isLocal(files)) {
      moveOver(local(from), local(to));
    } else {
      renameOver(files, from, to, configuration);
    }
  }

  private static void moveOver(java.nio.file.Path from, java.nio.file.Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void renameOver(FileSystem files, Path from, Path to, Configuration configuration)
      throws IOException {
    FileContext.getFileContext(files.getUri(), configuration).rename(from, to, Rename.OVERWRITE);
  }

  private static boolean isLocal(FileSystem files) {
    return files.getUri().getScheme().equals(LOCAL);
  }

  private static boolean renamesOver(FileSystem files) {
    return switch (files.getUri().getScheme()) {
      case "hdfs", "viewfs" -> true;
      default -> false;
    };
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  private static Path beside(Path file) {
    return new Path(file.getParent(), "_" + file.getName() + "-" + UUID.randomUUID());
  }
}
