package storyloom.model.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * How many models stay, and the removal of those beyond. To be used under the {@link HomeLock}.
 *
 * @param promoted newest promoted versions that stay; 0 for all
 * @param refused newest versions that stay of those that were not promoted; 0 for all
 */
public record Retention(int promoted, int refused) {

  /** A version, and what was decided of it. */
  private record Decided(String version, VersionRecord.State state) {}

  /**
   * Removes the models beyond what shall stay, never the current one nor the one before, and what
   * killed processes have left beside them.
   *
   * @return the versions that were removed, the oldest first
   * @throws storyloom.model.UserException of data if the models cannot be read or removed
   */
  public List<String> prune(Registry registry, Configuration configuration) {
    HomeSweep sweep = new HomeSweep(registry.modelsDir(), configuration);
    List<Decided> versions =
        registry.versions().stream()
            .map(each -> new Decided(each, registry.record(each).state()))
            .toList();
    List<String> surplus = surplus(versions, held(registry));
    surplus.forEach(sweep::remove);
    removeRecordsWithoutModel(registry, sweep);
    sweep.removeLeftovers();
    return surplus;
  }

  private static Set<String> held(Registry registry) {
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

  private static void removeRecordsWithoutModel(Registry registry, HomeSweep sweep) {
    Set<String> present = new HashSet<>(registry.versions());
    for (FileStatus each : sweep.list()) {
      String name = each.getPath().getName();
      String version = VersionRecord.versionOf(name);
      if (!version.equals(name) && !name.startsWith("_") && !present.contains(version)) {
        sweep.removeFile(name);
      }
    }
  }

  /**
   * The versions that may go.
   *
   * @param versions the oldest first
   * @param held which stay whatever their number; they count among the promoted ones
   */
  private List<String> surplus(List<Decided> versions, Set<String> held) {
    return Stream.concat(
            oldest(versions.stream().filter(Retention::isPromoted).toList(), promoted),
            oldest(versions.stream().filter(each -> !isPromoted(each)).toList(), refused))
        .filter(version -> !held.contains(version))
        .toList();
  }

  private static boolean isPromoted(Decided version) {
    return version.state() == VersionRecord.State.PROMOTED;
  }

  private static Stream<String> oldest(List<Decided> versions, int kept) {
    int gone = kept == 0 ? 0 : Math.max(0, versions.size() - kept);
    return versions.subList(0, gone).stream().map(Decided::version);
  }
}
