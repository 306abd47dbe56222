package storyloom.serve.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.Pointer;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.ServedModels;
import storyloom.serve.story.StoryWriter;

/** What the service counts and times, for Prometheus. */
final class ServiceMetrics implements AutoCloseable {

  private static final String REQUESTS = "storyloom.requests";
  private static final int LONGEST_RETRY_SECONDS = 60;
  private static final double RECENT = 0.1;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Counter tokens =
      Counter.builder("storyloom.tokens").description("Tokens written").register(registry);
  private volatile double secondsBetweenStories = RECENT;
  private long lastStory = System.nanoTime();

  ServiceMetrics(ServedModels models, ServiceState state) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    collections.bindTo(registry);
    gauge("storyloom.requests.busy", "Requests for stories under way", state, ServiceState::busy);
    gauge(
        "storyloom.waiting",
        "Orders that wait for the batch",
        models,
        writer(StoryWriter::waiting));
    gauge(
        "storyloom.rows",
        "Rows of the batch that are taken",
        models,
        writer(StoryWriter::busyRows));
    gauge("storyloom.left", "Orders left by their clients", models, writer(StoryWriter::cancelled));
    gauge("storyloom.model.switches", "Changes of the model", models, ServedModels::switches);
    gauge("storyloom.model.refusals", "Models that were refused", models, ServedModels::refusals);
    gauge(
        "storyloom.model.look.failures",
        "Looks at the registry that have failed",
        models,
        ServedModels::failures);
    gauge(
        "storyloom.model.look.timestamp.seconds",
        "When a look at the registry has ended last",
        models,
        any -> any.lastLook().toEpochMilli() / 1e3);
    gauge(
        "storyloom.resident.bytes",
        "Memory of the process",
        models,
        any -> Pointer.physicalBytes());
  }

  private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static ToDoubleFunction<ServedModels> writer(ToDoubleFunction<StoryWriter> value) {
    return models -> {
      ServedModel model = models.acquire();
      try {
        return value.applyAsDouble(model.writer());
      } finally {
        model.release();
      }
    };
  }

  /**
   * A request is answered. Each label must come from a short list, for all of its values are kept.
   *
   * @param method one of {@link RequestFilter#METHODS}, or {@link RequestFilter#OTHER}
   * @param route path of one of the service's routes, or what stands for none
   */
  void countRequest(String method, String route, int status, Duration time) {
    Timer.builder(REQUESTS)
        .description("Requests, and the time that they took")
        .tag("method", method)
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .publishPercentileHistogram()
        .register(registry)
        .record(time);
  }

  /** A request has met with a problem. */
  void countProblem(Problem problem) {
    Counter.builder("storyloom.problems")
        .description("Problems that were told to clients")
        .tag("kind", problem.kind())
        .register(registry)
        .increment();
  }

  /** A story is written. */
  synchronized void countTokens(int written) {
    tokens.increment(written);
    long now = System.nanoTime();
    double since = (now - lastStory) / 1e9;
    lastStory = now;
    secondsBetweenStories += RECENT * (since - secondsBetweenStories);
  }

  /** After which time a queue of this length is likely to have moved on. */
  int retrySeconds(int waiting) {
    double seconds = Math.ceil(waiting * secondsBetweenStories);
    return (int) Math.max(1, Math.min(LONGEST_RETRY_SECONDS, seconds));
  }

  /** All of it in Prometheus's text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
