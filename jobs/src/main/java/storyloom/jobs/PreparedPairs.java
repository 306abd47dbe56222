package storyloom.jobs;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * The folder {@code <home>/prepared/<run>/} with the encoded pairs of a run. It is removed when the
 * run ends, however it ends, as long as the process can still do anything.
 */
final class PreparedPairs implements AutoCloseable {

  private final FileSystem files;
  private final Path folder;

  /**
   * @param home any Hadoop URI
   * @throws UserException of data if nothing can be written there
   */
  PreparedPairs(String home, Configuration configuration) {
    Path parent = new Path(home, "prepared");
    try {
      this.files = parent.getFileSystem(configuration);
      this.folder = files.makeQualified(new Path(parent, "run-" + UUID.randomUUID()));
      if (!files.mkdirs(folder)) {
        throw new IOException("the folder cannot be made");
      }
      files.deleteOnExit(folder);
    } catch (IOException e) {
      throw UserException.data("cannot write below " + parent + ": " + e.getMessage(), e);
    }
  }

  /** Folder of the training split's shards. */
  Path train() {
    return new Path(folder, "train");
  }

  /** Folder of the validation split's shards. */
  Path valid() {
    return new Path(folder, "valid");
  }

  /** Removes the folder, and the one around it if nothing else is in there. */
  @Override
  public void close() {
    try {
      files.delete(folder, true);
      files.cancelDeleteOnExit(folder);
      if (files.listStatus(folder.getParent()).length == 0) {
        files.delete(folder.getParent(), false);
      }
    } catch (IOException e) {
      throw UserException.data("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }
}
