package storyloom.jobs.tune;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import storyloom.jobs.cluster.MemoryNeed;
import storyloom.jobs.train.TrainingSettings;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.model.settings.UserInformation;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.SearchSpace;

/** What the settings say of a search. */
public final class TuningSettings {

  private static final String START = "train.start";

  /** What decides what a search finds; a resumed one keeps it. */
  private static final List<String> KEPT = List.of("corpus.", "text.", "model.", "train.", "tune.");

  private static final Set<String> ALSO_KEPT = Set.of("gate.sample");

  /** Only decides when it ends, what is kept besides and who is told. */
  private static final Set<String> FREE =
      Set.of(
          "tune.max-minutes", "train.prepared-kept", "train.mlflow-uri", "train.mlflow-experiment");

  /** LSTMs have none: those that differ in these alone are the same model. */
  private static final Set<String> OF_TRANSFORMERS = Set.of("model.heads", "model.feed-forward");

  private final Settings settings;

  /** Reads these settings. */
  public TuningSettings(Settings settings) {
    this.settings = settings;
  }

  /**
   * The settings that are tried, and how many were passed over.
   *
   * @throws UserException of usage if there are not as many as there shall be trials, or something
   *     in the space cannot be used
   */
  public SearchSpace.Draws draws() {
    if (!settings.text(START).equals("scratch")) {
      throw UserException.usage(
          "%s=%s: trials start from scratch, for models of other shapes have no weights in common: leave it out"
              .formatted(START, settings.text(START)));
    }
    SearchSpace space = SearchSpace.of(settings);
    Set<SortedMap<String, String>> models = new HashSet<>();
    Predicate<SortedMap<String, String>> fits =
        values -> fits(values) && models.add(deciding(values));
    SearchSpace.Draws draws =
        SearchPlan.kind(settings) == SearchPlan.Kind.GRID
            ? space.all(fits)
            : space.draw(settings.integer("tune.trials"), settings.whole("tune.seed"), fits);
    draws.trials().forEach(values -> requireUsable(of(values)));
    return draws;
  }

  /** How the search goes about so many trials. */
  public SearchPlan plan(int trials) {
    return SearchPlan.of(settings, trials);
  }

  /** The settings of a trial with these values. */
  public Settings of(SortedMap<String, String> values) {
    Settings own = settings.with("train.workers", "1");
    for (Map.Entry<String, String> each : values.entrySet()) {
      own = own.with(each.getKey(), each.getValue());
    }
    return own;
  }

  private boolean fits(SortedMap<String, String> values) {
    try {
      requireUsable(of(values));
      return true;
    } catch (UserException mistake) {
      if (mistake.status() == ExitStatus.USAGE) {
        return false;
      }
      throw mistake;
    }
  }

  /** Those of a combination's values that its kind of model knows. */
  private SortedMap<String, String> deciding(SortedMap<String, String> values) {
    SortedMap<String, String> deciding = new TreeMap<>(values);
    if (of(values).text("model.kind").equals("lstm")) {
      deciding.keySet().removeAll(OF_TRANSFORMERS);
    }
    return deciding;
  }

  private static void requireUsable(Settings own) {
    own.textSettings();
    new TrainingSettings(own).plan(own.integer("text.vocabulary"), 1);
  }

  /** What trials keep outside the heap: each as much as the largest one. */
  public MemoryNeed memory(List<SortedMap<String, String>> trials) {
    return trials.stream()
        .map(values -> new TrainingSettings(of(values)).memory())
        .map(need -> new MemoryNeed(0, need.shared(), need.task()))
        .reduce(
            MemoryNeed.NOTHING,
            (a, b) ->
                new MemoryNeed(0, Math.max(a.shared(), b.shared()), Math.max(a.task(), b.task())));
  }

  /**
   * The settings that a search is resumed with: its own, but for those that change nothing it
   * found.
   *
   * @param tuning its name, for messages
   * @param own every setting that it was started with, as recorded
   * @throws UserException of usage if the user says something else than it must keep; the message
   *     names the key
   */
  Settings resumed(String tuning, SortedMap<String, String> own) {
    SortedMap<String, String> said = settings.recorded();
    Settings resumed = settings;
    for (Map.Entry<String, String> each : own.entrySet()) {
      String key = each.getKey();
      boolean same = each.getValue().equals(said.get(key));
      if (!isKept(key) || same) {
        continue;
      }
      if (settings.given().contains(key)) {
        throw UserException.usage(
            "%s is %s in the unfinished tuning %s, not %s: leave it as it was, or tune anew without --resume"
                .formatted(
                    key, each.getValue(), tuning, UserInformation.removedFrom(settings.text(key))));
      }
      resumed = resumed.with(key, each.getValue());
    }
    return resumed;
  }

  private static boolean isKept(String key) {
    return !FREE.contains(key)
        && (ALSO_KEPT.contains(key) || KEPT.stream().anyMatch(key::startsWith));
  }
}
