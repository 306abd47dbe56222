package storyloom.jobs.train;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingResult;

/** The figures of a training as they stand in its bundle's provenance. */
public final class TrainingMetrics {

  /** The epoch whose weights are the model, counted from 1. */
  static final String KEPT_EPOCH = "kept_epoch";

  /** Rounds that led to these weights, those of all epochs together. */
  static final String KEPT_ROUNDS = "kept_rounds";

  private static final String EPOCH_VALID_PERPLEXITY = "valid_perplexity_epoch_";

  private TrainingMetrics() {}

  /**
   * Figures of the epoch whose weights are kept by their plain names, those of every epoch with its
   * number behind.
   *
   * @param result of a training that was not stopped
   * @param known figures of the pairs, known before it
   */
  public static SortedMap<String, Double> of(TrainingResult result, Map<String, Double> known) {
    SortedMap<String, Double> metrics = new TreeMap<>(known);
    List<EpochReport> epochs = result.epochs();
    for (EpochReport epoch : epochs) {
      String suffix = "_epoch_%02d".formatted(epoch.epoch() + 1);
      of(epoch).forEach((name, value) -> metrics.put(name + suffix, value));
    }
    metrics.putAll(of(result.kept()));
    double seconds = epochs.stream().mapToDouble(EpochReport::seconds).sum();
    long tokens = epochs.stream().mapToLong(epoch -> epoch.train().tokens()).sum();
    metrics.put("train_seconds", seconds);
    metrics.put("tokens_per_second", tokens / seconds);
    return metrics;
  }

  /** Figures of an epoch by their plain names, those of its training first. */
  public static Map<String, Double> of(EpochReport epoch) {
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
        .sorted(Comparator.comparingInt(TrainingMetrics::epoch))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static int epoch(Map.Entry<String, Double> metric) {
    return Integer.parseInt(metric.getKey().substring(EPOCH_VALID_PERPLEXITY.length()));
  }
}
