package storyloom.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * A text file that grows line by line, on any Hadoop file system.
 *
 * <p>On the local file system and on HDFS others can read every line as soon as it has been added,
 * and it stays there if this process is killed. Object stores cannot do that: there the file shows
 * its new lines when the log is closed, and a killed process loses them.
 */
public final class AppendLog implements AutoCloseable {

  private final Path file;
  private final FSDataOutputStream out;
  private boolean flushes = true;

  private AppendLog(Path file, FSDataOutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Opens a log, new or written before.
   *
   * @param path where it is, any Hadoop URI; folders are made
   * @param kept which of the lines that stand there are to stay; a last line without its end is one
   *     of them
   * @throws UserException of data if the file cannot be read or written
   */
  public static AppendLog open(Path path, Configuration configuration, Predicate<String> kept) {
    FileSystem files = HadoopFiles.of(path, configuration);
    Path file = files.makeQualified(path);
    List<String> lines = lines(files, file).stream().filter(kept).toList();
    boolean renames = AtomicFile.replacesByRename(files);
    Path aside = renames ? new Path(file.getParent(), "_" + file.getName()) : file;
    AppendLog log = new AppendLog(file, create(files, aside, file));
    try {
      log.addAll(lines);
      if (renames) {
        putOver(files, aside, file, configuration);
      }
      return log;
    } catch (UserException failure) {
      log.closeAfter(failure);
      throw failure;
    }
  }

  private static List<String> lines(FileSystem files, Path file) {
    try {
      byte[] bytes = HadoopFiles.read(files, file, InputStream::readAllBytes);
      return new String(bytes, UTF_8).lines().toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw UserException.data("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static FSDataOutputStream create(FileSystem files, Path aside, Path file) {
    try {
      return files.create(aside, true);
    } catch (IOException | FSError e) {
      throw unwritable(file, e);
    }
  }

  private static void putOver(
      FileSystem files, Path aside, Path file, Configuration configuration) {
    try {
      AtomicFile.putOver(files, aside, file, configuration);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Adds a line.
   *
   * @param line without its end
   * @throws UserException of data if it cannot be written, such as to a full disk
   */
  public void add(String line) {
    addAll(List.of(line));
  }

  private void addAll(List<String> lines) {
    try {
      for (String line : lines) {
        out.write((line + "\n").getBytes(UTF_8));
      }
      flush();
    } catch (IOException | FSError e) {
      throw unwritable(file, e);
    }
  }

  private void flush() throws IOException {
    if (flushes) {
      try {
        out.hflush();
      } catch (UnsupportedOperationException e) {
        flushes = false; // an object store
      }
    }
  }

  private void closeAfter(UserException failure) {
    try {
      close();
    } catch (UserException another) {
      failure.addSuppressed(another);
    }
  }

  /**
   * Ends the log.
   *
   * @throws UserException of data if what was added cannot be written
   */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException | FSError e) {
      throw unwritable(file, e);
    }
  }

  /** The local file system's own class for a failed write is an {@link FSError}. */
  private static UserException unwritable(Path file, Throwable failure) {
    Throwable reason = failure instanceof FSError ? failure.getCause() : failure;
    return UserException.data(
        "cannot write %s: %s; make room, or see that it may be written, and resume with --resume"
            .formatted(file, reason.getMessage()),
        failure);
  }
}
