package storyloom.jobs.train;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.bundle.Provenance;
import storyloom.model.settings.Settings;

/**
 * The settings that a model or a checkpoint was trained with, as this release says them: what older
 * releases wrote keeps its meaning.
 */
final class RecordedSettings {

  /**
   * In these, each worker took {@code train.batch} a step, not all of them together, and the outer
   * momentum of many workers had no bound.
   */
  private static final Set<String> BEFORE_SHARED_BATCHES = Set.of("0.1.0", "0.2.0");

  private RecordedSettings() {}

  /**
   * Every setting that was recorded, but for secret ones, which were not.
   *
   * @param given what the user says now: an address there that is the recorded one but for its user
   *     information takes its place
   */
  static SortedMap<String, String> of(Provenance provenance, Settings given) {
    SortedMap<String, String> settings = new TreeMap<>(provenance.settings());
    settings.keySet().removeIf(Settings::isSecret);
    SortedMap<String, String> alike = given.recorded();
    settings.replaceAll((key, value) -> value.equals(alike.get(key)) ? given.text(key) : value);
    if (BEFORE_SHARED_BATCHES.contains(provenance.versions().getOrDefault("storyloom", ""))) {
      for (String key : List.of(TrainingSettings.BATCH, TrainingSettings.BATCH_TOKENS)) {
        settings.computeIfPresent(
            key, (name, value) -> Long.toString(provenance.workers() * Long.parseLong(value)));
      }
      settings.computeIfPresent(
          TrainingSettings.OUTER_MOMENTUM,
          (name, value) -> Double.toString(outerMomentum(value, provenance.workers())));
    }
    return Collections.unmodifiableSortedMap(settings);
  }

  private static double outerMomentum(String recorded, int workers) {
    double momentum = Double.parseDouble(recorded);
    return momentum == 0 ? 1 - 1.0 / workers : momentum;
  }
}
