package storyloom.model.registry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFolder;
import storyloom.model.files.HadoopFiles;

/**
 * Removes folders below home so that nobody ever sees half of one, and what processes that were
 * killed have left. To be used under the {@link HomeLock}.
 */
public final class HomeSweep {

  private static final Pattern POINTER = Pattern.compile("_.+-[0-9a-f-]{36}");
  private static final Duration POINTERS_AGE = Duration.ofMinutes(1);

  private final FileSystem files;
  private final Path folder;

  /**
   * @param folder whose content is looked after; need not exist
   */
  public HomeSweep(Path folder, Configuration configuration) {
    this.files = HadoopFiles.of(folder, configuration);
    this.folder = folder;
  }

  /**
   * Removes a folder or a file: its name first, then what is in it.
   *
   * @throws UserException of data if that cannot be done
   */
  public void remove(String name) {
    try {
      AtomicFolder.remove(files, new Path(folder, name), () -> false);
    } catch (IOException e) {
      throw UserException.data(
          "cannot remove %s/%s: %s".formatted(folder, name, e.getMessage()), e);
    }
  }

  /**
   * Removes a file.
   *
   * @throws UserException of data if that cannot be done
   */
  void removeFile(String name) {
    delete(new Path(folder, name));
  }

  /**
   * Removes every folder whose name begins with {@code _}, which is how they are called before they
   * are whole and when they are on their way out, and files that were never put in their place. The
   * latter may be written without the lock, and stay for the moment which that takes.
   *
   * @throws UserException of data if that cannot be done
   */
  public void removeLeftovers() {
    for (FileStatus each : list()) {
      String name = each.getPath().getName();
      boolean pointer = POINTER.matcher(name).matches() && isOld(each);
      if (each.isDirectory() ? name.startsWith("_") : pointer) {
        delete(each.getPath());
      }
    }
  }

  private void delete(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException e) {
      throw UserException.data("cannot remove " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean isOld(FileStatus file) {
    return System.currentTimeMillis() - file.getModificationTime() > POINTERS_AGE.toMillis();
  }

  /**
   * What stands in the folder; nothing if there is none.
   *
   * @throws UserException of data if it cannot be read
   */
  public List<FileStatus> list() {
    try {
      return Arrays.asList(files.listStatus(folder));
    } catch (FileNotFoundException none) {
      return List.of();
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Bytes that the folder takes.
   *
   * @throws UserException of data if it cannot be read
   */
  public long size() {
    try {
      return files.getContentSummary(folder).getLength();
    } catch (FileNotFoundException none) {
      return 0;
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
