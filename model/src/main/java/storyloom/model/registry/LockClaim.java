package storyloom.model.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.files.HadoopFiles;

/**
 * A turn at making the lock where the file system cannot make a file only if it is not there, such
 * as on object stores: an object of a name of one's own beside the lock, which stands until the
 * lock does.
 *
 * <p>Whoever puts its claim and then sees no other has the turn. Of two, one sees the other's, for
 * each looks after it has put its own, and the store shows what was put before: S3, GCS, Azure and
 * what imitates them do so. Where several see each other, the one of the lowest name stays and
 * looks again, and the others go. The lock must be looked for again when the turn has come: the one
 * before has made it and gone.
 *
 * <p>A claim whose process died is removed when a minute has passed by the store's clock. One whose
 * process only stood still that long finds it removed: {@link #stands()} is to be asked when the
 * lock is made.
 */
final class LockClaim implements AutoCloseable {

  private static final Duration LIFE = Duration.ofMinutes(1);
  private static final int LOOKS = 10;
  private static final long PAUSE_MILLIS = 200;

  private final FileSystem files;
  private final Path folder;
  private final String prefix;
  private final Path own;

  /**
   * Puts the claim.
   *
   * @param lock what the turn is for
   * @param token nobody else's
   * @throws IOException if it cannot be written
   */
  LockClaim(FileSystem files, Path lock, String token) throws IOException {
    this.files = files;
    this.folder = lock.getParent();
    this.prefix = "_" + lock.getName() + "-claim-";
    this.own = new Path(folder, prefix + token);
    HadoopFiles.write(files, own, true, out -> out.write('\n'));
  }

  /** Whether the turn is this one's; waits while only claims of higher names are in the way. */
  boolean hasTurn() throws IOException {
    for (int look = 0; look < LOOKS; look++) {
      List<String> others = others();
      if (others.isEmpty()) {
        return stands();
      }
      if (others.stream().anyMatch(name -> name.compareTo(own.getName()) < 0)) {
        return false;
      }
      pause();
    }
    return false;
  }

  /** The names of claims besides this one. Dead ones are removed first. */
  private List<String> others() throws IOException {
    long since = files.getFileStatus(own).getModificationTime();
    List<String> living = new ArrayList<>();
    for (FileStatus each : files.listStatus(folder)) {
      String name = each.getPath().getName();
      if (!name.startsWith(prefix) || name.equals(own.getName())) {
        continue;
      }
      if (each.getModificationTime() + LIFE.toMillis() < since) {
        files.delete(each.getPath(), false);
      } else {
        living.add(name);
      }
    }
    return living;
  }

  /** Whether nobody has taken this one for dead. */
  boolean stands() throws IOException {
    return files.exists(own);
  }

  /** Waits for what others are about. */
  static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("stopped while waiting").initCause(e);
    }
  }

  /** Withdraws the claim. */
  @Override
  public void close() throws IOException {
    files.delete(own, false);
  }
}
