package storyloom.pipeline.train;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.bundle.Provenance;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.settings.Settings;
import storyloom.pipeline.BuildInfo;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingResult;

/** Where a training's models come from and how it went, as their bundles say. */
public final class TrainingProvenance {

  /** The epoch whose weights are the model, counted from 1. */
  private static final String KEPT_EPOCH = "kept_epoch";

  /** Rounds that led to these weights, those of all epochs together. */
  public static final String KEPT_ROUNDS = "kept_rounds";

  private static final String EPOCH_VALID_PERPLEXITY = "valid_perplexity_epoch_";

  private TrainingProvenance() {}

  /**
   * What is known before the first update.
   *
   * @param contents what is trained on
   * @param parent version of the model whose weights it starts from; null for none
   * @param run the run's name; null where it has none
   * @param files of the corpus; none where it is a table
   */
  public static Provenance atStart(
      Settings settings,
      PreparedCorpus.Contents contents,
      String parent,
      String run,
      SortedMap<String, String> files) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    put(metrics, "train", contents.train());
    put(metrics, "valid", contents.valid());
    return new Provenance(
        contents.corpusHash(),
        contents.vocabularyHash(),
        settings.whole("train.seed"),
        contents.workers(),
        BuildInfo.versions(),
        BuildInfo.gitCommit(),
        Instant.now(),
        parent,
        run,
        files,
        settings.all(),
        metrics);
  }

  private static void put(Map<String, Double> metrics, String split, ShardTotals totals) {
    metrics.put(split + "_pairs", (double) totals.pairs());
    metrics.put(split + "_prompts_cut", (double) totals.promptsCut());
    metrics.put(split + "_stories_cut", (double) totals.storiesCut());
    metrics.put(split + "_story_tokens_cut", (double) totals.storyTokensCut());
  }

  /**
   * What is known when training has ended.
   *
   * @param settings as they were when the run was resumed for the last time
   * @param keptRounds rounds that led to the weights that are kept, those of all epochs together
   */
  public static Provenance atEnd(
      Provenance start, Settings settings, TrainingResult result, long keptRounds) {
    SortedMap<String, Double> metrics = metrics(result, start.metrics());
    metrics.put(KEPT_EPOCH, (double) result.kept().epoch() + 1);
    metrics.put(KEPT_ROUNDS, (double) keptRounds);
    return new Provenance(
        start.corpusHash(),
        start.vocabularyHash(),
        start.seed(),
        start.workers(),
        BuildInfo.versions(),
        BuildInfo.gitCommit(),
        Instant.now(),
        start.parent(),
        start.run(),
        start.corpusFiles(),
        settings.all(),
        metrics);
  }

  /**
   * Figures of the epoch whose weights are kept by their plain names, those of every epoch with its
   * number behind.
   *
   * @param result of a training that was not stopped
   * @param known figures of the pairs, counted before it
   */
  static SortedMap<String, Double> metrics(TrainingResult result, Map<String, Double> known) {
    SortedMap<String, Double> metrics = new TreeMap<>(known);
    List<EpochReport> epochs = result.epochs();
    for (EpochReport epoch : epochs) {
      String suffix = "_epoch_%02d".formatted(epoch.epoch() + 1);
      metrics(epoch).forEach((name, value) -> metrics.put(name + suffix, value));
    }
    metrics.putAll(metrics(result.kept()));
    double seconds = epochs.stream().mapToDouble(EpochReport::seconds).sum();
    long tokens = epochs.stream().mapToLong(epoch -> epoch.train().tokens()).sum();
    metrics.put("train_seconds", seconds);
    metrics.put("tokens_per_second", tokens / seconds);
    return metrics;
  }

  /** Figures of an epoch by their plain names, those of its training first. */
  public static Map<String, Double> metrics(EpochReport epoch) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    put(metrics, "train", epoch.train());
    put(metrics, "valid", epoch.valid());
    return metrics;
  }

  private static void put(Map<String, Double> metrics, String split, LossTally tally) {
    metrics.put(split + "_loss", tally.loss());
    metrics.put(split + "_perplexity", tally.perplexity());
    metrics.put(split + "_accuracy", tally.accuracy());
  }

  /** The validation perplexities, the first epoch's first. */
  public static List<Double> validPerplexities(SortedMap<String, Double> metrics) {
    return metrics.entrySet().stream()
        .filter(metric -> metric.getKey().startsWith(EPOCH_VALID_PERPLEXITY))
        .sorted(Comparator.comparingInt(TrainingProvenance::epoch))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static int epoch(Map.Entry<String, Double> metric) {
    return Integer.parseInt(metric.getKey().substring(EPOCH_VALID_PERPLEXITY.length()));
  }
}
