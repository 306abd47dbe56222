package storyloom.model.files;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * A folder that appears whole or not at all: written under a temporary name beside its place, which
 * begins with {@code _} so that Spark passes it over, and renamed when it is whole.
 */
public final class AtomicFolder implements AutoCloseable {

  private final FileSystem files;
  private final Path target;
  private final Path draft;
  private final boolean overwrite;

  /**
   * @param target where the folder shall stand, any Hadoop URI
   * @param overwrite whether what stands there may be replaced
   * @throws UserException of usage if something stands there and may not be replaced
   */
  public AtomicFolder(String target, boolean overwrite, Configuration configuration) {
    Path named = new Path(target);
    this.overwrite = overwrite;
    try {
      this.files = named.getFileSystem(configuration);
      this.target = files.makeQualified(named);
      this.draft = beside("draft");
      if (!overwrite && files.exists(this.target)) {
        throw UserException.usage(
            "%s exists: choose another --output, or replace it with --overwrite"
                .formatted(this.target));
      }
      files.deleteOnExit(draft);
    } catch (IOException e) {
      throw unwritable(named, e);
    }
  }

  private Path beside(String what) {
    return new Path(
        target.getParent(), "_%s-%s-%s".formatted(target.getName(), what, UUID.randomUUID()));
  }

  /** Where to write. */
  public Path draft() {
    return draft;
  }

  /** Where the folder stands in the end. */
  public Path target() {
    return target;
  }

  /**
   * Gives the draft its name.
   *
   * @throws UserException if that cannot be done; what stood there stays
   */
  public void commit() {
    try {
      if (overwrite && files.exists(target)) {
        Path old = beside("old");
        rename(target, old);
        try {
          rename(draft, target);
        } catch (IOException e) {
          rename(old, target);
          throw e;
        }
        files.delete(old, true);
      } else {
        rename(draft, target);
      }
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    // a rename onto a folder would move this one into it
    if (files.exists(to) || !files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  /** Removes the draft if it was not committed. */
  @Override
  public void close() {
    try {
      files.delete(draft, true);
      files.cancelDeleteOnExit(draft);
    } catch (IOException e) {
      throw unwritable(draft, e);
    }
  }

  private static UserException unwritable(Path path, IOException e) {
    return UserException.data("cannot write " + path + ": " + e.getMessage(), e);
  }
}
