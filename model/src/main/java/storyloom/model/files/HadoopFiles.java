package storyloom.model.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import storyloom.model.UserException;

/** The file systems that bundles lie on. */
public final class HadoopFiles {

  private static final String LOCAL = "file";
  private static final String SPARK_HADOOP = "spark.hadoop.";

  private HadoopFiles() {}

  /**
   * The file system of a path. The local one leaves no {@code .crc} files behind, which would be
   * noise beside SHA256SUMS and go stale when a file is replaced.
   *
   * @param path any Hadoop path; without a scheme it lies on the configured default file system
   * @throws UserException of usage if there is no such file system or it does not answer
   */
  public static FileSystem of(Path path, Configuration configuration) {
    try {
      FileSystem files = shared(path, configuration);
      // the raw system below, for a switch on the shared one would change it for everybody
      return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
    } catch (IOException | IllegalArgumentException e) { // the latter for an unknown HDFS host
      throw UserException.usage("cannot reach " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * The file system of a path as Hadoop and Spark see it: the local one keeps {@code .crc} files.
   *
   * @param path any Hadoop path
   * @throws UserException of usage if there is no such file system, which names the library that
   *     brings it
   * @throws IOException if it does not answer
   */
  public static FileSystem shared(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (UnsupportedFileSystemException | LinkageError missing) {
      throw missing(path, missing);
    } catch (RuntimeException e) { // how Hadoop says that it knows the scheme, but not the class
      if (e.getCause() instanceof ClassNotFoundException) {
        throw missing(path, e);
      }
      throw e;
    }
  }

  private static UserException missing(Path path, Throwable failure) {
    String scheme = path.toUri().getScheme();
    return UserException.usage(
        "cannot reach %s: there is no file system for %s:// on the class path; %s"
            .formatted(path, scheme, StoreArtefacts.remedy(scheme)),
        failure);
  }

  /**
   * How file systems are reached where no Spark has settled it: what {@code core-site.xml} on the
   * class path says, and over it the {@code spark.hadoop.*} among Java's system properties, which
   * is where spark-submit puts its {@code --conf}.
   */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith(SPARK_HADOOP))
        .forEach(
            name ->
                configuration.set(name.substring(SPARK_HADOOP.length()), System.getProperty(name)));
    return configuration;
  }

  /** Makes something of the content of a file. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(InputStream in) throws IOException;
  }

  /**
   * Reads a file.
   *
   * @throws java.io.FileNotFoundException if it is missing
   * @throws IOException if it cannot be read, such as from a broken disk, or is a pipe or a device,
   *     which may have no end
   */
  public static <T> T read(FileSystem files, Path file, Reading<T> reading) throws IOException {
    Optional<java.nio.file.Path> local = local(files, file);
    if (local.isPresent() && isPipeOrDevice(local.get())) {
      throw new IOException("it is a pipe or a device, not a file");
    }
    try (InputStream in = files.open(file)) {
      return reading.from(in);
    } catch (FSError e) {
      throw exception(e);
    }
  }

  /**
   * All bytes of a file.
   *
   * @param most that it may have
   * @throws IOException as {@link #read(FileSystem, Path, Reading)}, and if it has more bytes
   */
  static byte[] readAtMost(int most, FileSystem files, Path file) throws IOException {
    return read(
        files,
        file,
        in -> {
          byte[] bytes = in.readNBytes(most + 1);
          if (bytes.length > most) {
            throw new IOException("it has more than %,d bytes".formatted(most));
          }
          return bytes;
        });
  }

  /** Where a file of the local file system lies; empty for one of another. */
  static Optional<java.nio.file.Path> local(FileSystem files, Path file) {
    return files.getUri().getScheme().equals(LOCAL)
        ? Optional.of(java.nio.file.Path.of(files.makeQualified(file).toUri().getPath()))
        : Optional.empty();
  }

  private static boolean isPipeOrDevice(java.nio.file.Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /** An exception in the place of the local file system's class for a failed read or write. */
  private static IOException exception(FSError error) {
    return new IOException(error.getCause().getMessage(), error);
  }

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file from start to end.
   *
   * @param overwrite whether a file of that name is replaced
   * @throws IOException if it cannot be written, such as to a full disk
   */
  public static void write(FileSystem files, Path file, boolean overwrite, Content content)
      throws IOException {
    try {
      OutputStream out = files.create(file, overwrite);
      try {
        content.writeTo(out);
      } catch (IOException | RuntimeException | Error failure) {
        close(out, failure);
        throw failure;
      }
      out.close();
    } catch (FSError e) {
      throw exception(e);
    }
  }

  /** Unlike try-with-resources it knows that HDFS throws on closing what it threw on writing. */
  private static void close(OutputStream out, Throwable failure) {
    try {
      out.close();
    } catch (IOException | FSError again) {
      if (again != failure) {
        failure.addSuppressed(again);
      }
    }
  }
}
