package storyloom.jobs.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import storyloom.jobs.cluster.MemoryNeed;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.model.settings.UserInformation;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;

/** What the settings say of a training, as the trainer takes it. */
public final class TrainingSettings {

  static final String BATCH = "train.batch";
  static final String BATCH_TOKENS = "train.batch-tokens";
  static final String OUTER_MOMENTUM = "train.outer-momentum";

  /** What decides the weights of the rounds so far; a run keeps it. */
  private static final List<String> KEPT = List.of("corpus.", "text.", "model.", "train.");

  /** Only decides when a run ends, when it is saved, what is kept and where it is reported. */
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

  private final Settings settings;

  /** Reads these settings. */
  public TrainingSettings(Settings settings) {
    this.settings = settings;
  }

  /**
   * How many workers train side by side.
   *
   * @param slots what {@code train.workers = slots} takes
   */
  public int workers(int slots) {
    return TrainingPlan.workers(settings, slots);
  }

  /** What a training that starts with these settings keeps outside the heap. */
  public MemoryNeed memory() {
    TrainingPlan plan = plan(settings.integer("text.vocabulary"), workers(1));
    return memory(plan);
  }

  /** The same where it is known what is trained. */
  MemoryNeed memory(TrainingPlan plan) {
    return TrainingMemory.of(
        plan,
        settings.integer("text.max-prompt-tokens"),
        settings.integer("text.max-story-tokens"));
  }

  /**
   * Sees to it that workers can share a minibatch.
   *
   * @throws storyloom.model.UserException of usage if there are too many of them
   */
  public void requireShares(int workers) {
    TrainingPlan.batch(settings).sharedBy(workers);
  }

  /**
   * All that decides the weights, besides the pairs.
   *
   * @param vocabulary V
   * @param workers splits of the pairs that are trained on side by side
   * @throws storyloom.model.UserException of usage if two settings exclude each other
   */
  public TrainingPlan plan(int vocabulary, int workers) {
    return TrainingPlan.of(settings, vocabulary, workers);
  }

  /**
   * The same where the vocabulary is known.
   *
   * @throws storyloom.model.UserException of usage if two settings exclude each other
   */
  public TrainingPlan plan(Vocabulary vocabulary, int workers) {
    return TrainingPlan.of(settings, vocabulary, workers);
  }

  TrainingLimits limits() {
    return TrainingLimits.of(settings);
  }

  Checkpoints.Schedule checkpoints() {
    return Checkpoints.Schedule.of(settings);
  }

  /**
   * The settings that a run is resumed with: its own, but for those that change nothing it did.
   *
   * @param given what the user says now
   * @param run the run's name, for messages
   * @param own every setting that the run was started with, but for secret ones, which are never
   *     recorded and are as the user says now
   * @throws UserException of usage if the user says something else than the run's own of what it
   *     must keep; the message names the key
   */
  static Settings resumed(Settings given, String run, SortedMap<String, String> own) {
    for (String key : given.given()) {
      String value = own.get(key);
      if (isKept(key) && value != null && !given.text(key).equals(value)) {
        throw UserException.usage(
            "%s is %s in the unfinished run %s, not %s: leave it as it was, or train anew without --resume"
                .formatted(
                    key,
                    UserInformation.removedFrom(value),
                    run,
                    UserInformation.removedFrom(given.text(key))));
      }
    }
    Stream<String> kept =
        own.entrySet().stream()
            .filter(entry -> isKept(entry.getKey()))
            .map(TrainingSettings::assignment);
    Stream<String> said =
        given.all().entrySet().stream()
            .filter(entry -> given.given().contains(entry.getKey()) || !isRuns(entry.getKey()))
            .map(TrainingSettings::assignment);
    Stream<String> free =
        own.entrySet().stream()
            .filter(entry -> FREE.contains(entry.getKey()))
            .map(TrainingSettings::assignment);
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
