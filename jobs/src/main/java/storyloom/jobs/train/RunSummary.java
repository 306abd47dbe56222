package storyloom.jobs.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.gate.Promotion;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.HomeSweep;

/**
 * What stays of a run for good: {@code runs/<run>/run.json}.
 *
 * @param run its name
 * @param model the version it ended in
 * @param parent the version it started from; null if it started from scratch
 * @param ended when, as ISO 8601
 * @param promoted whether its model became the current one
 * @param reason why it did not; null if it did
 * @param figures name → value: of the training; of the model as the gate measured it; with {@code
 *     current_} in front, of the one that was current
 * @param settings every setting of the run
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunSummary(
    String run,
    String model,
    String parent,
    String ended,
    boolean promoted,
    String reason,
    SortedMap<String, Double> figures,
    SortedMap<String, String> settings) {

  public static final String FILE = "run.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** What there is to say of a run whose model was decided on. */
  public static RunSummary of(
      TrainingStart start, Training.Ended ended, Promotion.Decision decision) {
    SortedMap<String, Double> figures = new TreeMap<>(ended.metrics());
    decision.candidate().ifPresent(trial -> figures.putAll(trial.measures().figures()));
    decision
        .current()
        .ifPresent(
            trial ->
                trial.measures().figures().forEach((name, x) -> figures.put("current_" + name, x)));
    return new RunSummary(
        start.run().name(),
        ended.version(),
        start.text().provenance().parent(),
        Instant.now().toString(),
        decision.promoted(),
        decision.promoted() ? null : decision.verdict().reason(),
        figures,
        start.settings().all());
  }

  /**
   * Writes the file into the run's folder.
   *
   * @throws UserException of data if it cannot be written
   */
  public void write(Path folder, Configuration configuration) {
    Path file = new Path(folder, FILE);
    try {
      byte[] json = JSON.writeValueAsBytes(this);
      HadoopFiles.write(HadoopFiles.of(file, configuration), file, true, out -> out.write(json));
    } catch (IOException e) {
      throw UserException.data("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The summaries of all runs that have one, the oldest first; a damaged one is passed over.
   *
   * @param runs the folder of all runs
   */
  public static List<RunSummary> all(Path runs, Configuration configuration) {
    List<RunSummary> found = new ArrayList<>();
    for (FileStatus each : new HomeSweep(runs, configuration).list()) {
      read(new Path(each.getPath(), FILE), configuration).ifPresent(found::add);
    }
    found.sort((a, b) -> a.run().compareTo(b.run()));
    return found;
  }

  private static Optional<RunSummary> read(Path file, Configuration configuration) {
    FileSystem files = HadoopFiles.of(file, configuration);
    try (InputStream in = files.open(file)) {
      return Optional.of(JSON.readValue(new String(in.readAllBytes(), UTF_8), RunSummary.class));
    } catch (FileNotFoundException none) {
      return Optional.empty();
    } catch (IOException damaged) {
      Console.warn("%s is passed over: %s".formatted(file, damaged.getMessage()));
      return Optional.empty();
    }
  }

  /** A figure; empty if it is not there or no finite number. */
  public Optional<Double> figure(String name) {
    return Optional.ofNullable(figures.get(name)).filter(Double::isFinite);
  }
}
