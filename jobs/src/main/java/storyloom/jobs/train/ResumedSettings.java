package storyloom.jobs.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/** The settings that a run goes on with: its own, but for those that change nothing it did. */
final class ResumedSettings {

  /** What decides the weights of the rounds so far; a run keeps it. */
  private static final List<String> KEPT = List.of("corpus.", "text.", "model.", "train.");

  /** Only decides when a run ends, when it is saved, what is kept and who is told. */
  private static final Set<String> FREE =
      Set.of(
          "train.epochs",
          "train.patience",
          "train.max-minutes",
          "train.checkpoint-rounds",
          "train.checkpoint-minutes",
          "train.checkpoints-kept",
          "train.prepared-kept",
          "train.mlflow-uri",
          "train.mlflow-experiment");

  private ResumedSettings() {}

  /**
   * @param given what the user says now
   * @param run the run's name, for messages
   * @param own every setting that the run was started with
   * @throws UserException of usage if the user says something else than the run's own of what it
   *     must keep; the message names the key
   */
  static Settings of(Settings given, String run, SortedMap<String, String> own) {
    for (String key : given.given()) {
      String value = own.get(key);
      if (isKept(key) && value != null && !given.text(key).equals(value)) {
        throw UserException.usage(
            "%s is %s in the run %s that --resume goes on with, not %s: leave it as it was, or train anew without --resume"
                .formatted(key, value, run, given.text(key)));
      }
    }
    Stream<String> kept =
        own.entrySet().stream()
            .filter(entry -> isKept(entry.getKey()))
            .map(ResumedSettings::assignment);
    Stream<String> said =
        given.all().entrySet().stream()
            .filter(entry -> given.given().contains(entry.getKey()) || !isRuns(entry.getKey()))
            .map(ResumedSettings::assignment);
    Stream<String> free =
        own.entrySet().stream()
            .filter(entry -> FREE.contains(entry.getKey()))
            .map(ResumedSettings::assignment);
    return Settings.load(
        Optional.empty(), Stream.of(free, said, kept).flatMap(each -> each).toList());
  }

  private static String assignment(Map.Entry<String, String> entry) {
    return entry.getKey() + "=" + entry.getValue();
  }

  private static boolean isRuns(String key) {
    return KEPT.stream().anyMatch(key::startsWith);
  }

  private static boolean isKept(String key) {
    return isRuns(key) && !FREE.contains(key);
  }
}
