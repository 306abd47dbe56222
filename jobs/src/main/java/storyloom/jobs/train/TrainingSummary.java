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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.gate.GateDecision;
import storyloom.jobs.gate.Promotion;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.HomeSweep;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingResult;

/**
 * What a training that came to its end says of it: to people and programs on stdout, and for good
 * as {@code runs/<run>/run.json}.
 *
 * @param run its name
 * @param model the version it ended in
 * @param parent the version it started from; null if it started from scratch
 * @param ended when, as ISO 8601
 * @param promoted whether its model became the current one
 * @param reason why it did not; null if it did
 * @param figures name → value: of the training, and the size of its vocabulary; of the model as the
 *     gate measured it; with {@code current_} in front, of the one that was current
 * @param settings every setting of the run, as {@link Settings#recorded(Map)} has it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingSummary(
    String run,
    String model,
    String parent,
    String ended,
    boolean promoted,
    String reason,
    SortedMap<String, Double> figures,
    SortedMap<String, String> settings) {

  /** Takes what is for everybody to read of the settings. */
  public TrainingSummary {
    settings = Settings.recorded(settings);
  }

  /** Its name in the folder of a run. */
  public static final String FILE = "run.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** The summary of a run whose model was decided on. */
  public static TrainingSummary of(
      TrainingStart start, Training.Ended ended, Promotion.Decision decision) {
    SortedMap<String, Double> figures = new TreeMap<>(ended.metrics());
    figures.put("vocabulary", (double) start.text().vocabulary().size());
    decision.candidate().ifPresent(evaluated -> figures.putAll(evaluated.measures().figures()));
    decision
        .current()
        .ifPresent(
            evaluated ->
                evaluated
                    .measures()
                    .figures()
                    .forEach((name, x) -> figures.put("current_" + name, x)));
    return new TrainingSummary(
        start.run().name(),
        ended.version(),
        start.text().provenance().parent(),
        Instant.now().toString(),
        decision.promoted(),
        decision.promoted() ? null : decision.gate().reason(),
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
  public static List<TrainingSummary> all(Path runs, Configuration configuration) {
    List<TrainingSummary> found = new ArrayList<>();
    for (FileStatus each : new HomeSweep(runs, configuration).list()) {
      if (each.isDirectory()) { // below a file, such as the runs' index.html, HDFS lets nobody look
        read(new Path(each.getPath(), FILE), configuration).ifPresent(found::add);
      }
    }
    found.sort((a, b) -> a.run().compareTo(b.run()));
    return found;
  }

  private static Optional<TrainingSummary> read(Path file, Configuration configuration) {
    FileSystem files = HadoopFiles.of(file, configuration);
    try (InputStream in = files.open(file)) {
      return Optional.of(
          JSON.readValue(new String(in.readAllBytes(), UTF_8), TrainingSummary.class));
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

  /**
   * Prints why training ended, what the gate says, where the model lies, and, for programs, a line
   * of JSON.
   *
   * @param modelDir of the model
   */
  public void print(Path modelDir, Training.Ended ended, Promotion.Decision decision) {
    TrainingResult result = ended.result();
    Console.say(
        "training ended %s; the weights are those of epoch %d",
        switch (result.ending()) {
          case EPOCHS -> "after its last epoch";
          case PATIENCE ->
              "because %s epochs brought no lower perplexity"
                  .formatted(settings.get("train.patience"));
          case TIME -> "within its %s minutes".formatted(settings.get("train.max-minutes"));
          case STOPPED -> throw new IllegalArgumentException("a stopped training has no model");
        },
        result.kept().epoch() + 1);
    for (GateDecision.Check check : decision.gate().checks()) {
      Console.say(
          "%-28s %12s, current %12s, must be %s: %s",
          check.name(),
          check.candidate(),
          check.current(),
          check.bound(),
          check.passed() ? "passed" : "failed");
    }
    Console.say(
        "the model lies in %s and is %s",
        modelDir, promoted ? "the current one" : "refused: " + reason);
    Console.json(line(modelDir, ended, decision));
  }

  private Map<String, Object> line(
      Path modelDir, Training.Ended ended, Promotion.Decision decision) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("model", model);
    line.put("path", modelDir.toString());
    line.put("promoted", promoted);
    for (String name :
        List.of("valid_perplexity", "valid_accuracy", "train_perplexity", "tokens_per_second")) {
      line.put(name, ended.metrics().get(name));
    }
    decision.candidate().ifPresent(candidate -> line.putAll(candidate.measures().figures()));
    return line;
  }
}
