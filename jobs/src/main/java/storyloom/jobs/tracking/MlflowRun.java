package storyloom.jobs.tracking;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import storyloom.model.bundle.Provenance;

/**
 * One run on an MLflow server. Every method waits for the server, and throws whatever MLflow's
 * client does if it does not answer as it should; the run is made there by the first one that gets
 * through.
 */
final class MlflowRun implements AutoCloseable {

  private static final String NAME_TAG = "storyloom.run";

  /** What older servers take at most. */
  private static final int LONGEST_VALUE = 500;

  private static final int MOST_PARAMETERS = 100;

  private final MlflowTracking.Server server;
  private final MlflowClient client;
  private final String name;
  private final Supplier<Map<String, String>> tags;
  private final SortedMap<String, String> parameters;
  private final boolean known;
  private Optional<String> id = Optional.empty();

  /**
   * @param provenance has the run's name and what it starts from
   * @param parameters settings to be reported
   * @param known whether the server may know the run already, because it is resumed
   */
  MlflowRun(
      MlflowTracking.Server server,
      Provenance provenance,
      SortedMap<String, String> parameters,
      boolean known) {
    this(server, provenance.run(), () -> tags(provenance), parameters, known);
  }

  private static Map<String, String> tags(Provenance provenance) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("storyloom.corpus", provenance.corpusHash());
    tags.put("mlflow.source.git.commit", provenance.gitCommit());
    Optional.ofNullable(provenance.parent()).ifPresent(it -> tags.put("storyloom.parent", it));
    return tags;
  }

  /** A run by its name, which is told to be what its tags say when it is made. */
  MlflowRun(
      MlflowTracking.Server server,
      String name,
      Supplier<Map<String, String>> tags,
      SortedMap<String, String> parameters,
      boolean known) {
    this(server, server.client(System.getenv()), name, tags, parameters, known);
  }

  private MlflowRun(
      MlflowTracking.Server server,
      MlflowClient client,
      String name,
      Supplier<Map<String, String>> tags,
      SortedMap<String, String> parameters,
      boolean known) {
    this.server = server;
    this.client = client;
    this.name = name;
    this.tags = tags;
    this.parameters = parameters;
    this.known = known;
  }

  /** A run below this one, by the same connection. */
  MlflowRun child(String itsName, SortedMap<String, String> itsParameters) {
    return new MlflowRun(
        server, client, itsName, () -> Map.of("mlflow.parentRunId", id()), itsParameters, known);
  }

  /** Makes the run, or finds it, unless that is done. */
  void begin() {
    if (id.isEmpty()) {
      String experiment = experiment();
      id = known ? found(experiment) : Optional.empty();
      if (id.isEmpty()) {
        id = Optional.of(created(experiment));
        logParameters();
      }
    }
  }

  private String experiment() {
    return client
        .getExperimentByName(server.experiment())
        .map(Experiment::getExperimentId)
        .orElseGet(() -> client.createExperiment(server.experiment()));
  }

  private Optional<String> found(String experiment) {
    String filter = "tags.`%s` = '%s'".formatted(NAME_TAG, name);
    return client
        .searchRuns(List.of(experiment), filter, ViewType.ACTIVE_ONLY, 1)
        .getItems()
        .stream()
        .findFirst()
        .map(Run::getInfo)
        .map(info -> info.getRunId());
  }

  private String created(String experiment) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(NAME_TAG, name);
    all.putAll(tags.get());
    return client
        .createRun(
            CreateRun.newBuilder()
                .setExperimentId(experiment)
                .setRunName(name)
                .setStartTime(System.currentTimeMillis())
                .addAllTags(all(all, MlflowRun::tag))
                .build())
        .getRunId();
  }

  private void logParameters() {
    List<Param> params = all(parameters, MlflowRun::parameter);
    for (int from = 0; from < params.size(); from += MOST_PARAMETERS) {
      int to = Math.min(params.size(), from + MOST_PARAMETERS);
      client.logBatch(id(), List.of(), params.subList(from, to), List.of());
    }
  }

  private String id() {
    begin();
    return id.orElseThrow();
  }

  /**
   * Reports figures; those that are no finite numbers are left out.
   *
   * @param step where they stand on the axis of their curves
   */
  void metrics(Map<String, Double> figures, long step, Instant at) {
    List<Metric> metrics = new ArrayList<>();
    figures.forEach((name, value) -> add(metrics, name, value, step, at));
    client.logBatch(id(), metrics, List.of(), List.of());
  }

  /**
   * Reports a stretch of a curve, as {@link #metrics} does its points.
   *
   * @param first step of the first value; the others follow it
   */
  void curve(String figure, List<Double> values, long first, Instant at) {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      add(metrics, figure, values.get(i), first + i, at);
    }
    client.logBatch(id(), metrics, List.of(), List.of());
  }

  private static void add(List<Metric> metrics, String name, double value, long step, Instant at) {
    if (Double.isFinite(value)) {
      metrics.add(
          Metric.newBuilder()
              .setKey(name)
              .setValue(value)
              .setStep(step)
              .setTimestamp(at.toEpochMilli())
              .build());
    }
  }

  /** Reports words. */
  void tags(Map<String, String> words) {
    client.logBatch(id(), List.of(), List.of(), all(words, MlflowRun::tag));
  }

  /** Reports how the run ended. */
  void end(RunStatus status, Instant at) {
    client.setTerminated(id(), status, at.toEpochMilli());
  }

  private static <T> List<T> all(Map<String, String> values, BiFunction<String, String, T> make) {
    return values.entrySet().stream()
        .map(each -> make.apply(each.getKey(), cut(each.getValue())))
        .toList();
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }

  private static Param parameter(String key, String value) {
    return Param.newBuilder().setKey(key).setValue(value).build();
  }

  private static String cut(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
  }

  /** Breaks off the connection; a call that waits for the server fails then. */
  @Override
  public void close() {
    client.close();
  }
}
