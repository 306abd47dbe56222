package storyloom.model.registry;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How many models stay.
 *
 * @param promoted newest promoted versions that stay; 0 for all
 * @param refused newest versions that stay of those that were not promoted; 0 for all
 */
public record Retention(int promoted, int refused) {

  /** A version, and what was decided of it. */
  record Judged(String version, VersionState state) {}

  /**
   * The versions that may go.
   *
   * @param versions the oldest first
   * @param held which stay whatever their number; they count among the promoted ones
   */
  List<String> surplus(List<Judged> versions, Set<String> held) {
    return Stream.concat(
            oldest(versions.stream().filter(Retention::isPromoted).toList(), promoted),
            oldest(versions.stream().filter(each -> !isPromoted(each)).toList(), refused))
        .filter(version -> !held.contains(version))
        .toList();
  }

  private static boolean isPromoted(Judged version) {
    return version.state() == VersionState.PROMOTED;
  }

  private static Stream<String> oldest(List<Judged> versions, int kept) {
    int gone = kept == 0 ? 0 : Math.max(0, versions.size() - kept);
    return versions.subList(0, gone).stream().map(Judged::version);
  }
}
