package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.jobs.train.TrainingSummary;

/**
 * What is different about a run from the one before it.
 *
 * @param run the later one
 * @param before empty for the first run
 */
record RunChanges(TrainingSummary run, Optional<TrainingSummary> before) {

  /** Changes that are named where there is little room. */
  private static final int MOST = 5;

  /** They decide neither what is learned nor how it is measured. */
  private static final List<String> ASIDE =
      List.of("home", "metrics.", "notify.", "registry.", "serve.");

  /** Settings with another value, and what it was; without those that the run before lacked. */
  SortedMap<String, String> settings() {
    SortedMap<String, String> changed = new TreeMap<>();
    before.ifPresent(
        last ->
            run.settings()
                .forEach(
                    (key, value) -> {
                      String was = last.settings().get(key);
                      if (was != null && !was.equals(value)) {
                        changed.put(key, "%s, was %s".formatted(shown(value), shown(was)));
                      }
                    }));
    return changed;
  }

  private static String shown(String value) {
    return value.isEmpty() ? "nothing" : value;
  }

  /** Pairs, vocabulary and the settings that matter, in a line. */
  String line() {
    if (before.isEmpty()) {
      return "the first run";
    }
    List<String> changes = new ArrayList<>();
    count("train_pairs", "pairs").ifPresent(changes::add);
    count("vocabulary", "tokens in the vocabulary").ifPresent(changes::add);
    settings().entrySet().stream()
        .filter(each -> ASIDE.stream().noneMatch(each.getKey()::startsWith))
        .forEach(each -> changes.add(each.getKey() + " " + each.getValue()));
    if (changes.isEmpty()) {
      return "nothing";
    }
    return changes.size() <= MOST
        ? String.join("; ", changes)
        : "%s; and %d more"
            .formatted(String.join("; ", changes.subList(0, MOST)), changes.size() - MOST);
  }

  private Optional<String> count(String figure, String of) {
    Optional<Double> now = run.figure(figure);
    Optional<Double> then = before.flatMap(last -> last.figure(figure));
    return now.isPresent() && then.isPresent() && !now.equals(then)
        ? Optional.of(
            "%s %s, was %s".formatted(Figures.count(now.get()), of, Figures.count(then.get())))
        : Optional.empty();
  }
}
