package storyloom.model.bundle;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/** The file systems that bundles lie on. */
public final class RawFiles {

  private RawFiles() {}

  /**
   * The file system of a path. The local one leaves no {@code .crc} files behind, which would be
   * noise beside SHA256SUMS and go stale when a file is replaced.
   *
   * @param path any Hadoop path; without a scheme it lies on the configured default file system
   * @throws UserException of usage if there is no such file system or it does not answer
   */
  public static FileSystem of(Path path, Configuration configuration) {
    try {
      FileSystem files = path.getFileSystem(configuration);
      // the raw system below, for a switch on the shared one would change it for everybody
      return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
    } catch (IOException | IllegalArgumentException e) { // the latter for an unknown HDFS host
      throw UserException.usage("cannot reach " + path + ": " + e.getMessage(), e);
    }
  }
}
