package storyloom.jobs.tune;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.AppendLog;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.TrialScheduler;
import storyloom.pipeline.tune.TrialScheduler.Job;
import storyloom.pipeline.tune.Tuner;

/**
 * The record of a search, {@code trials.jsonl}: a line of JSON for what it was started with ({@link
 * Header}), then one for each rung that a trial began or ended, in the order in which that
 * happened, which is all that a {@link TrialScheduler} needs to stand where it stood. Trials and
 * rungs are counted from 1, times are in seconds, a loss that is no number is null.
 */
public final class TrialRecord implements Tuner.Listener, AutoCloseable {

  private static final String EVENT = "event";
  private static final String BEGUN = "begun";
  private static final String ENDED = "ended";
  private static final String STOPPED = "stopped";
  private static final String DONE = "done";
  private static final String AT = "at_seconds";
  private static final String CURVE = "perplexity_per_word";
  private static final String LOSS = "loss";
  private static final String SECONDS = "train_seconds";
  private static final String TASK_SECONDS = "task_seconds";
  private static final String FAILURE = "failure";

  /** Drivers that a rung may outlive; a driver that is stopped is none of them. */
  private static final int MOST_ATTEMPTS = 3;

  private static final double NANOS = 1e9;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * What a search was started with.
   *
   * @param tuning its name
   * @param settings every setting, as recorded
   * @param files of the corpus, and a checksum of the content of each
   * @param trials the space's keys with their values, for each trial
   * @param excluded combinations that were passed over
   */
  public record Header(
      String tuning,
      SortedMap<String, String> settings,
      SortedMap<String, String> files,
      List<SortedMap<String, String>> trials,
      long excluded) {}

  private final Header header;
  private final SearchPlan plan;
  private final TrialScheduler scheduler;
  private final AppendLog lines;
  private final long started = System.nanoTime();
  private double before;

  private TrialRecord(Header header, SearchPlan plan, AppendLog lines) {
    this.header = header;
    this.plan = plan;
    this.scheduler = new TrialScheduler(plan);
    this.lines = lines;
  }

  /**
   * Begins a record.
   *
   * @throws UserException of data if it cannot be written
   */
  static TrialRecord create(
      Path file, Configuration configuration, Header header, SearchPlan plan) {
    TrialRecord record =
        new TrialRecord(header, plan, AppendLog.open(file, configuration, line -> false));
    record.add(
        JSON.convertValue(
            header,
            JSON.getTypeFactory()
                .constructMapType(LinkedHashMap.class, String.class, Object.class)));
    return record;
  }

  /** Whether there is a record that a search can go on from. */
  static boolean isUnfinished(Path file, Configuration configuration) {
    List<JsonNode> events = read(file, configuration);
    return !events.isEmpty() && events.stream().noneMatch(each -> is(DONE, each));
  }

  /**
   * What a record says that its search was started with.
   *
   * @throws UserException of data if it cannot be read
   */
  static Header header(Path file, Configuration configuration) {
    try {
      return JSON.treeToValue(read(file, configuration).get(0), Header.class);
    } catch (JsonProcessingException e) {
      throw UserException.data(
          "%s is damaged in its first line: tune anew without --resume".formatted(file), e);
    }
  }

  /**
   * Goes on with a record: the scheduler stands where it stood. A rung that has outlived no driver
   * so often counts as failed, for it may be what ends them.
   *
   * @throws UserException of data if it cannot be read or written, or does not fit the plan
   */
  static TrialRecord resume(
      Path file, Configuration configuration, Header header, SearchPlan plan) {
    List<JsonNode> events = read(file, configuration);
    TrialRecord record =
        new TrialRecord(
            header, plan, AppendLog.open(file, configuration, line -> parsed(line).isPresent()));
    try {
      record.replay(events.subList(1, events.size()));
      return record;
    } catch (IllegalArgumentException misfit) {
      record.close();
      throw UserException.data(
          "%s is damaged: %s: tune anew without --resume".formatted(file, misfit.getMessage()),
          misfit);
    }
  }

  private void replay(List<JsonNode> events) {
    Map<Job, Integer> attempts = new HashMap<>();
    for (JsonNode event : events) {
      before = event.path(AT).asDouble(before);
      if (is(STOPPED, event)) {
        attempts.clear();
      } else if (is(BEGUN, event)) {
        Job job = job(event);
        if (!scheduler.underWay().contains(job)) {
          scheduler.started(job);
        }
        attempts.merge(job, 1, Integer::sum);
      } else if (is(ENDED, event)) {
        scheduler.ended(result(event));
      }
    }
    for (Job job : scheduler.underWay()) {
      if (attempts.getOrDefault(job, 0) >= MOST_ATTEMPTS) {
        RungResult killed =
            RungResult.failed(
                job, "killed: %d drivers have ended while it was trained".formatted(MOST_ATTEMPTS));
        scheduler.ended(killed);
        ended(killed);
      }
    }
  }

  private static boolean is(String kind, JsonNode event) {
    return event.path(EVENT).asText().equals(kind);
  }

  private static Job job(JsonNode event) {
    return new Job(event.path("trial").asInt() - 1, event.path("rung").asInt() - 1);
  }

  private static RungResult result(JsonNode event) {
    Job job = job(event);
    String failure = event.path(FAILURE).asText();
    if (!failure.isEmpty()) {
      return RungResult.failed(job, failure);
    }
    List<Double> curve = new ArrayList<>();
    event.path(CURVE).forEach(value -> curve.add(value.asDouble()));
    return new RungResult(
        job.trial(),
        job.rung(),
        event.path(LOSS).asDouble(Double.NaN),
        event.path(SECONDS).asDouble(),
        event.path(TASK_SECONDS).asDouble(),
        curve,
        "");
  }

  /** The lines that are whole: a kill may have torn the last one. */
  private static List<JsonNode> read(Path file, Configuration configuration) {
    try (InputStream in = HadoopFiles.of(file, configuration).open(file)) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(TrialRecord::parsed)
          .flatMap(Optional::stream)
          .toList();
    } catch (FileNotFoundException none) {
      return List.of();
    } catch (IOException e) {
      throw UserException.data("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Optional<JsonNode> parsed(String line) {
    try {
      return Optional.of(JSON.readTree(line)).filter(JsonNode::isObject);
    } catch (JsonProcessingException torn) {
      return Optional.empty();
    }
  }

  /** What the search was started with. */
  public Header header() {
    return header;
  }

  /** How it goes about its trials. */
  public SearchPlan plan() {
    return plan;
  }

  /** Where it stands. */
  public TrialScheduler scheduler() {
    return scheduler;
  }

  /** Seconds that it has taken, those before a resume included. */
  public double seconds() {
    return before + (System.nanoTime() - started) / NANOS;
  }

  @Override
  public void begun(Job job) {
    Map<String, Object> line = line(BEGUN, job);
    line.put("settings", header.trials().get(job.trial()));
    add(line);
  }

  @Override
  public void ended(RungResult result) {
    Map<String, Object> line = line(ENDED, new Job(result.trial(), result.rung()));
    if (result.isFailure()) {
      line.put(LOSS, null);
      line.put(FAILURE, result.reason());
    } else {
      line.put(LOSS, result.loss());
      line.put(CURVE, result.curve());
      line.put(SECONDS, result.seconds());
      line.put(TASK_SECONDS, result.taskSeconds());
    }
    add(line);
  }

  /** Somebody has stopped the search. */
  public void stopped() {
    add(new LinkedHashMap<>(Map.of(EVENT, STOPPED)));
  }

  /** The search has come to its end. */
  public void done() {
    add(new LinkedHashMap<>(Map.of(EVENT, DONE)));
  }

  private Map<String, Object> line(String event, Job job) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(EVENT, event);
    line.put("trial", job.trial() + 1);
    line.put("rung", job.rung() + 1);
    line.put("epochs", plan.rungs().get(job.rung()));
    return line;
  }

  private void add(Map<String, Object> line) {
    if (line.containsKey(EVENT)) {
      line.put(AT, seconds());
    }
    try {
      lines.add(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + line, e);
    }
    lines.settle();
  }

  /**
   * Ends the record.
   *
   * @throws UserException of data if what was added cannot be written
   */
  @Override
  public void close() {
    lines.close();
  }
}
