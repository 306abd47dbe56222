package storyloom.jobs.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import storyloom.jobs.cli.Console;
import storyloom.model.files.AtomicFile;
import storyloom.model.registry.VersionRecord;

/**
 * How the last run ended, as Prometheus reads it from a file, by node exporter's textfile
 * collector.
 */
public final class MetricsFile {

  private static final String MODEL = "storyloom.model.";

  /** What is told of a model, and what it is. */
  private static final Map<String, String> FIGURES =
      Map.ofEntries(
          Map.entry(VersionRecord.PERPLEXITY, "Perplexity per word of its model"),
          Map.entry(
              "current_" + VersionRecord.PERPLEXITY, "The same of the model that was current then"),
          Map.entry("valid_perplexity", "Perplexity per token of its model"),
          Map.entry("prompt_ranking", "Share of stories whose own prompt came first of ten"),
          Map.entry("repeated_4grams", "Share of 4-grams that its stories repeat"),
          Map.entry("person_kept", "Share of its stories about the person of their prompts"),
          Map.entry("human_person_kept", "The same of stories of people"),
          Map.entry(
              "sentence_order", "Share of its stories whose own order of sentences is likelier"),
          Map.entry("human_sentence_order", "The same of stories of people"),
          Map.entry("copied_8grams", "Share of 8-grams that stand in the training split"),
          Map.entry("human_copied_8grams", "The same of stories of people"),
          Map.entry("train_pairs", "Pairs trained on"),
          Map.entry("tokens_per_second", "Story tokens trained on in a second"));

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /**
   * @param started when the run began
   * @param status what it ended with
   * @param summary what there is to say of it; empty if it did not come to its end
   */
  public MetricsFile(Instant started, int status, Optional<TrainingSummary> summary) {
    Instant now = Instant.now();
    gauge(
        "storyloom.run.ended.timestamp.seconds",
        "When the last run ended",
        now.toEpochMilli() / 1e3);
    gauge(
        "storyloom.run.duration.seconds",
        "How long it took",
        Duration.between(started, now).toMillis() / 1e3);
    gauge("storyloom.run.exit.status", "What it ended with: 0 promoted, 4 refused", status);
    summary.ifPresent(this::add);
  }

  private void add(TrainingSummary summary) {
    gauge(
        "storyloom.run.promoted",
        "Whether its model is the current one",
        summary.promoted() ? 1 : 0);
    FIGURES.forEach(
        (name, help) -> summary.figure(name).ifPresent(value -> gauge(MODEL + name, help, value)));
  }

  private void gauge(String name, String help, double value) {
    Gauge.builder(name, () -> value).strongReference(true).description(help).register(registry);
  }

  /** In the text format. */
  String text() {
    return registry.scrape();
  }

  /**
   * Replaces a file on this machine, whole; a warning if that cannot be done.
   *
   * @param file ends with .prom where node exporter is to read it
   */
  public void write(Path file) {
    try {
      new AtomicFile(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration())
          .write(out -> out.write(text().getBytes(UTF_8)));
    } catch (IOException e) {
      Console.warn("cannot write metrics.file=%s: %s".formatted(file, e));
    }
  }
}
