package storyloom.jobs.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.AppendLog;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Writes {@code metrics.jsonl} into the folder of a run: one line of JSON for each round and one
 * for each epoch, in the order in which they ended; epochs and rounds counted from 1, times in
 * seconds, what is not a finite number null. Lines with the key {@code round} are rounds'.
 *
 * <p>On the local file system and on HDFS a line is there when its round is over and outlives a
 * killed process; on object stores at the end of an epoch, and before each checkpoint ({@link
 * AppendLog}), so that a run that is resumed lacks none.
 *
 * <p>A run that is resumed reports its rounds again from there: what the file says of them already
 * is dropped, so that it says everything once.
 */
public final class MetricsLog implements TrainingProgress, AutoCloseable {

  private static final String NAME = "metrics.jsonl";
  private static final String EPOCH = "epoch";
  private static final String ROUND = "round";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final AppendLog lines;

  /**
   * Opens the log of a run.
   *
   * @param folder the run's, any Hadoop URI; made if need be
   * @param epoch of the round that training starts or resumes with, counted from 0
   * @param round that round within the epoch, counted from 0
   * @throws storyloom.model.UserException of data if the file cannot be read or written
   */
  MetricsLog(Path folder, Configuration configuration, int epoch, int round) {
    this.lines =
        AppendLog.open(
            new Path(folder, NAME), configuration, line -> endedBefore(line, epoch, round));
  }

  /**
   * Reads a run's log; nothing if there is none.
   *
   * @param folder the run's
   * @throws UserException of data if it cannot be read
   */
  public static Lines read(Path folder, Configuration configuration) {
    Path file = new Path(folder, NAME);
    List<JsonNode> rounds = new ArrayList<>();
    List<JsonNode> epochs = new ArrayList<>();
    try (InputStream in = HadoopFiles.of(file, configuration).open(file)) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        JsonNode parsed = JSON.readTree(line);
        (parsed.has(ROUND) ? rounds : epochs).add(parsed);
      }
    } catch (FileNotFoundException none) {
      return new Lines(List.of(), List.of());
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
    return new Lines(rounds, epochs);
  }

  /** Whether a line is about what was over then; one that a kill has torn is about nothing. */
  private static boolean endedBefore(String line, int epoch, int round) {
    try {
      JsonNode parsed = JSON.readTree(line);
      int itsEpoch = parsed.path(EPOCH).asInt(Integer.MAX_VALUE) - 1;
      int itsRound = parsed.path(ROUND).asInt(Integer.MAX_VALUE) - 1;
      return itsEpoch < epoch || (itsEpoch == epoch && itsRound < round);
    } catch (JsonProcessingException torn) {
      return false;
    }
  }

  /**
   * Adds a line.
   *
   * @throws storyloom.model.UserException of data if it cannot be written
   */
  @Override
  public void roundDone(RoundReport report) {
    RoundReport.Times times = report.times();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(EPOCH, report.epoch() + 1);
    line.put(ROUND, report.round() + 1);
    line.put("rounds", report.rounds());
    line.put("loss", report.tally().loss());
    line.put("accuracy", report.tally().accuracy());
    line.put("tokens", report.tally().tokens());
    line.put("tokens_per_second", report.tokensPerSecond());
    line.put("seconds", report.seconds());
    line.put("broadcast_seconds", times.broadcast());
    line.put("compute_seconds", times.compute());
    line.put("reduce_seconds", times.reduce());
    line.put("update_seconds", times.update());
    line.put("learning_rate", report.learningRate());
    line.put("gradient_norm", report.gradientNorm());
    add(line);
  }

  /**
   * Adds a line.
   *
   * @throws storyloom.model.UserException of data if it cannot be written
   */
  @Override
  public void epochDone(EpochReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(EPOCH, report.epoch() + 1);
    line.putAll(TrainingProvenance.metrics(report));
    line.put("seconds", report.seconds());
    add(line);
    settle();
  }

  /**
   * Sees to it that all lines stay, whatever becomes of this process.
   *
   * @throws storyloom.model.UserException of data if they cannot be written
   */
  void settle() {
    lines.settle();
  }

  private void add(Map<String, Object> line) {
    line.replaceAll((key, value) -> isJson(value) ? value : null);
    try {
      lines.add(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + line, e);
    }
  }

  private static boolean isJson(Object value) {
    return !(value instanceof Double number) || Double.isFinite(number);
  }

  /**
   * Ends the log.
   *
   * @throws storyloom.model.UserException of data if what was added cannot be written
   */
  @Override
  public void close() {
    lines.close();
  }

  /**
   * What a run has logged.
   *
   * @param rounds a line of JSON for each round
   * @param epochs a line of JSON for each epoch
   */
  public record Lines(List<JsonNode> rounds, List<JsonNode> epochs) {

    public Lines {
      rounds = List.copyOf(rounds);
      epochs = List.copyOf(epochs);
    }

    /** How many rounds there were until the end of an epoch, counted from 1. */
    long roundsUntil(int epoch) {
      return rounds.stream().filter(round -> round.path(EPOCH).asInt() <= epoch).count();
    }

    /**
     * A figure of each round or epoch, averaged over neighbours so that there are at most so many.
     */
    public static List<Double> averages(List<JsonNode> lines, String name, int most) {
      int width = Math.max(1, (lines.size() + most - 1) / most);
      List<Double> means = new ArrayList<>();
      for (int from = 0; from < lines.size(); from += width) {
        means.add(
            lines.subList(from, Math.min(lines.size(), from + width)).stream()
                .mapToDouble(line -> line.path(name).asDouble())
                .average()
                .orElse(0));
      }
      return means;
    }
  }
}
