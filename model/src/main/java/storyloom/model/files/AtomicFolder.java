package storyloom.model.files;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import storyloom.model.UserException;

/**
 * A folder that appears whole or not at all: it is written to a staging folder beside its place,
 * whose name begins with {@code _} so that Spark passes it over, and renamed when it is whole. What
 * was not committed is removed on {@link #close()}, or when the process is told to stop.
 *
 * <p>No file system renames a folder onto another, so one that is replaced is renamed out of the
 * way first. A rename is one step on the local file system and on HDFS, and a copy file by file on
 * object stores, where readers may see half of it for that time, and whoever is killed over it
 * leaves half. There the file that tells whole folders from others, {@code SHA256SUMS} or {@code
 * _SUCCESS}, gets its place last.
 */
public final class AtomicFolder implements AutoCloseable {

  private static final String GONE = "_gone-";
  private static final List<String> SEALS = List.of("SHA256SUMS", "_SUCCESS");
  private static final Pattern CHECKSUMS = Pattern.compile("\\..+\\.crc");

  private final FileSystem files;
  private final Path target;
  private final Staging staging;
  private final boolean overwrite;

  /** An empty folder under a temporary name, which goes with this process unless renamed. */
  static final class Staging {

    private final FileSystem files;
    private final Path path;
    private boolean renamed;

    Staging(FileSystem files, Path path) throws IOException {
      this.files = files;
      this.path = path;
      if (!files.mkdirs(path)) {
        throw new IOException("cannot make the directory " + path);
      }
      files.deleteOnExit(path); // which passes over what does not exist yet
    }

    Path path() {
      return path;
    }

    /** Gives the folder the name that it shall keep, which must be free. */
    void rename(Path name) throws IOException {
      Optional<String> seal = AtomicFile.replacesByRename(files) ? Optional.empty() : seal();
      Path aside = new Path(path.getParent(), "_seal-" + UUID.randomUUID());
      if (seal.isPresent()) {
        AtomicFolder.rename(files, new Path(path, seal.get()), aside);
      }
      AtomicFolder.rename(files, path, name);
      if (seal.isPresent()) {
        AtomicFolder.rename(files, aside, new Path(name, seal.get()));
      }
      files.cancelDeleteOnExit(path);
      renamed = true;
    }

    private Optional<String> seal() throws IOException {
      for (String each : SEALS) {
        if (files.exists(new Path(path, each))) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    }

    /** Removes the folder, unless it was renamed. */
    void discard() throws IOException {
      if (!renamed) {
        files.delete(path, true);
        files.cancelDeleteOnExit(path);
      }
    }
  }

  /**
   * @param target where the folder shall stand, any Hadoop URI
   * @param overwrite whether what stands there may be replaced
   * @throws UserException of usage if something stands there and may not be replaced
   */
  public AtomicFolder(String target, boolean overwrite, Configuration configuration) {
    Path named = new Path(target);
    this.overwrite = overwrite;
    try {
      this.files = HadoopFiles.of(named, configuration);
      this.target = files.makeQualified(named);
      if (!overwrite && files.exists(this.target)) {
        throw UserException.usage(
            "%s exists: choose another --output, or replace it with --overwrite"
                .formatted(this.target));
      }
      this.staging = new Staging(files, beside("draft"));
      files.delete(staging.path(), false); // Spark makes the folders that it writes itself
    } catch (IOException e) {
      throw unwritable(named, e);
    }
  }

  private Path beside(String what) {
    return new Path(
        target.getParent(), "_%s-%s-%s".formatted(target.getName(), what, UUID.randomUUID()));
  }

  /** Where to write; does not exist yet. */
  public Path staging() {
    return staging.path();
  }

  /** Where the folder stands in the end. */
  public Path target() {
    return target;
  }

  /**
   * Gives what was written its name.
   *
   * @throws UserException if that cannot be done; what stood there stays
   */
  public void commit() {
    try {
      removeChecksums();
      if (overwrite && files.exists(target)) {
        Path old = beside("old");
        rename(files, target, old);
        try {
          staging.rename(target);
        } catch (IOException e) {
          rename(files, old, target);
          throw e;
        }
        files.delete(old, true);
      } else {
        staging.rename(target);
      }
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /** Hadoop's local file system leaves a {@code .crc} file beside each file that Spark writes. */
  private void removeChecksums() throws IOException {
    if (HadoopFiles.local(files, target).isEmpty()) {
      return;
    }
    RemoteIterator<LocatedFileStatus> each = files.listFiles(staging.path(), true);
    while (each.hasNext()) {
      Path file = each.next().getPath();
      if (CHECKSUMS.matcher(file.getName()).matches()) {
        files.delete(file, false);
      }
    }
  }

  private static void rename(FileSystem files, Path from, Path to) throws IOException {
    // a rename onto a folder would move this one into it
    if (files.exists(to) || !files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  /**
   * Removes a file or a folder so that nobody sees half of it: its name first, then what is in it.
   *
   * @param wanted asked when its name is gone already; if it is wanted after all it gets its name
   *     back, unless that was given to another in the meantime
   */
  public static void remove(FileSystem files, Path path, BooleanSupplier wanted)
      throws IOException {
    Path aside = new Path(path.getParent(), GONE + UUID.randomUUID());
    if (!files.rename(path, aside)) {
      return; // somebody else has removed it
    }
    if (wanted.getAsBoolean() && !files.exists(path)) {
      files.rename(aside, path);
    } else {
      files.delete(aside, true);
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() {
    try {
      staging.discard();
    } catch (IOException e) {
      throw unwritable(staging.path(), e);
    }
  }

  private static UserException unwritable(Path path, IOException e) {
    return UserException.data("cannot write " + path + ": " + e.getMessage(), e);
  }
}
