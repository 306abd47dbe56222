package storyloom.model.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * Writes a {@link ChecksummedDirectory} so that readers see it whole or not at all: under a
 * temporary name that begins with {@code _}, renamed when all is written and read back. What was
 * not committed is removed on {@link #close()}, or when the process is told to stop.
 */
public final class ChecksummedDirectoryWriter implements AutoCloseable {

  private static final String UNFINISHED = "_unfinished-";

  private final Configuration configuration;
  private final FileSystem files;
  private final Path parent;
  private final Path temporary;
  private final SortedMap<String, String> sums = new TreeMap<>();
  private boolean committed;

  /**
   * @param parent where the directory will stand; made if it is missing
   * @throws UserException if nothing can be written there
   */
  public ChecksummedDirectoryWriter(Path parent, Configuration configuration) {
    this.configuration = configuration;
    this.files = HadoopFiles.of(parent, configuration);
    this.parent = parent;
    this.temporary = new Path(parent, UNFINISHED + UUID.randomUUID());
    try {
      if (!files.mkdirs(temporary)) {
        throw new IOException("cannot make the directory " + temporary);
      }
      files.deleteOnExit(temporary);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Where the directory stands until it is committed; files that are put there are not checked. */
  public Path folder() {
    return temporary;
  }

  /** Whether a directory of this name was never finished: nobody reads it. */
  public static boolean isUnfinished(String name) {
    return name.startsWith(UNFINISHED);
  }

  /**
   * Adds a file.
   *
   * @return its SHA-256 in 64 hex digits
   * @throws UserException if it cannot be written
   */
  public String write(String name, HadoopFiles.Content content) {
    MessageDigest digest = Sha256.digest();
    try {
      HadoopFiles.write(
          files,
          new Path(temporary, name),
          false,
          out -> content.writeTo(new DigestOutputStream(out, digest)));
    } catch (IOException e) {
      throw unwritable(e);
    }
    String sum = Sha256.hex(digest);
    sums.put(name, sum);
    return sum;
  }

  /**
   * Adds SHA256SUMS, reads every file back to see that it is whole, and gives the directory its
   * name.
   *
   * @throws UserException if a file is not what was written, the name is taken or the directory
   *     cannot be written
   */
  public void commit(String name) {
    StringBuilder lines = new StringBuilder();
    sums.forEach((file, sum) -> lines.append(sum).append("  ").append(file).append('\n'));
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    Path target = new Path(parent, name);
    write(ChecksummedDirectory.SUMS, out -> out.write(bytes));
    try {
      // a rename onto a directory would move this one into it
      if (files.exists(target)) {
        throw UserException.data(target + " exists already and is left as it is");
      }
      ChecksummedDirectory.open(temporary, configuration).verify();
      if (!files.rename(temporary, target)) {
        throw new IOException("cannot rename " + temporary + " to " + target);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    files.cancelDeleteOnExit(temporary);
    committed = true;
  }

  /** Removes what was not committed. */
  @Override
  public void close() {
    if (committed) {
      return;
    }
    try {
      files.delete(temporary, true);
      files.cancelDeleteOnExit(temporary);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private UserException unwritable(IOException e) {
    return UserException.data(
        "cannot write below %s: %s; make room, or see that it may be written"
            .formatted(parent, e.getMessage()),
        e);
  }
}
