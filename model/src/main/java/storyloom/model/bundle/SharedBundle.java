package storyloom.model.bundle;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * A task's hold on a bundle that all tasks of this JVM share: the first one reads and verifies it,
 * the others wait for that. A bundle that nobody holds stays open for the next task, until another
 * one is wanted.
 */
public final class SharedBundle implements AutoCloseable {

  private static final Map<String, Entry> OPEN = new HashMap<>();

  private static final class Entry {
    private final Bundle bundle;
    private int holders;

    Entry(Bundle bundle) {
      this.bundle = bundle;
    }
  }

  private final Entry entry;
  private boolean held = true;

  private SharedBundle(Entry entry) {
    this.entry = entry;
  }

  /**
   * Takes hold of a bundle.
   *
   * @param directory the bundle, with scheme and absolute path
   * @param version the version that it must have, so that all tasks use the same one
   * @throws UserException of data if it cannot be read or has another version
   */
  public static SharedBundle hold(String directory, String version, Configuration configuration) {
    synchronized (OPEN) {
      SharedBundle held = hold(directory, configuration);
      if (!held.bundle().version().equals(version)) {
        String found = held.bundle().version();
        held.close();
        throw UserException.data(
            "%s was replaced while it was in use: it held model %s and now holds %s; start again"
                .formatted(directory, version, found));
      }
      return held;
    }
  }

  /**
   * Takes hold of a bundle of whatever version.
   *
   * @throws UserException of data if it cannot be read
   */
  public static SharedBundle hold(String directory, Configuration configuration) {
    synchronized (OPEN) {
      closeIdle(directory);
      Entry entry =
          OPEN.computeIfAbsent(
              directory, path -> new Entry(Bundle.read(new Path(path), configuration)));
      entry.holders++;
      return new SharedBundle(entry);
    }
  }

  private static void closeIdle(String wanted) {
    for (Iterator<Map.Entry<String, Entry>> open = OPEN.entrySet().iterator(); open.hasNext(); ) {
      Map.Entry<String, Entry> each = open.next();
      if (each.getValue().holders == 0 && !each.getKey().equals(wanted)) {
        open.remove();
        each.getValue().bundle.close();
      }
    }
  }

  /** The bundle; not to be closed, and not to be used after {@link #close()}. */
  public Bundle bundle() {
    return entry.bundle;
  }

  /** Lets go of the bundle. */
  @Override
  public void close() {
    synchronized (OPEN) {
      if (held) {
        held = false;
        entry.holders--;
      }
    }
  }
}
