package storyloom.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * and it stays there if this process is killed. Object stores cannot add to what they have: there
 * the file is written anew, now and then and by {@link #settle()}, and a killed process loses what
 * was added since.
 */
public final class AppendLog implements AutoCloseable {

  private final Path file;
  private final Target target;

  /** Where the lines go. */
  private interface Target extends AutoCloseable {

    void write(byte[] lines) throws IOException;

    /** All that was written can be read by others now, and stays. */
    void settle() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Shows others all that is written. */
  private record Stream(FSDataOutputStream out) implements Target {

    @Override
    public void write(byte[] lines) throws IOException {
      out.write(lines);
      out.hflush();
    }

    @Override
    public void settle() {
      // it is
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** An object of a store, which is put anew whole. */
  private static final class StoredObject implements Target {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FileSystem files;
    private final Path file;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private int settled = -1;
    private long lastNanos;

    StoredObject(FileSystem files, Path file) {
      this.files = files;
      this.file = file;
    }

    @Override
    public void write(byte[] lines) throws IOException {
      content.writeBytes(lines);
      if (settled < 0 || System.nanoTime() - lastNanos > PATIENCE_NANOS) {
        settle();
      }
    }

    @Override
    public void settle() throws IOException {
      if (settled != content.size()) {
        HadoopFiles.write(files, file, true, content::writeTo);
        settled = content.size();
        lastNanos = System.nanoTime();
      }
    }

    @Override
    public void close() throws IOException {
      settle();
    }
  }

  private AppendLog(Path file, Target target) {
    this.file = file;
    this.target = target;
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
    Path aside = new Path(file.getParent(), "_" + file.getName());
    AppendLog log =
        new AppendLog(
            file, renames ? new Stream(create(files, aside, file)) : new StoredObject(files, file));
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
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    written(() -> target.write(text.toString().getBytes(UTF_8)));
  }

  /**
   * Sees to it that what was added stays, whatever becomes of this process.
   *
   * @throws UserException of data if it cannot be written
   */
  public void settle() {
    written(target::settle);
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
    written(target::close);
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void written(Writing writing) {
    try {
      writing.run();
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
