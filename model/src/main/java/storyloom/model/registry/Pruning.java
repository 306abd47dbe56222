package storyloom.model.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** Removes models that are too many. To be used under the {@link HomeLock}. */
public final class Pruning {

  private final Registry registry;
  private final HomeSweep sweep;

  /** Works on the models of a registry. */
  public Pruning(Registry registry, Configuration configuration) {
    this.registry = registry;
    this.sweep = new HomeSweep(registry.modelsDir(), configuration);
  }

  /**
   * Removes the models beyond what shall stay, never the current one nor the one before, and what
   * killed processes have left beside them.
   *
   * @return the versions that were removed, the oldest first
   * @throws storyloom.model.UserException of data if the models cannot be read or removed
   */
  public List<String> prune(Retention retention) {
    List<Retention.Judged> judged =
        registry.versions().stream()
            .map(each -> new Retention.Judged(each, registry.record(each).state()))
            .toList();
    List<String> surplus = retention.surplus(judged, held());
    surplus.forEach(sweep::remove);
    removeRecordsWithoutModel();
    sweep.removeLeftovers();
    return surplus;
  }

  private Set<String> held() {
    Set<String> held = new HashSet<>();
    registry
        .current()
        .ifPresent(
            current -> {
              held.add(current);
              registry.before(current).ifPresent(held::add);
            });
    return held;
  }

  private void removeRecordsWithoutModel() {
    Set<String> present = new HashSet<>(registry.versions());
    for (FileStatus each : sweep.list()) {
      String name = each.getPath().getName();
      String version = VersionRecords.versionOf(name);
      if (!version.equals(name) && !name.startsWith("_") && !present.contains(version)) {
        sweep.removeFile(name);
      }
    }
  }
}
