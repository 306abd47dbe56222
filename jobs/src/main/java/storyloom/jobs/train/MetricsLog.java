package storyloom.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.files.AppendLog;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Writes {@code metrics.jsonl} into the folder of a run: one line of JSON for each round and one
 * for each epoch, in the order in which they ended; epochs and rounds counted from 1, times in
 * seconds, what is not a finite number null. Lines with the key {@code round} are rounds'.
 *
 * <p>On the local file system and on HDFS a line is there when its round is over and outlives a
 * killed process; on object stores the file appears when the log is closed ({@link AppendLog}).
 *
 * <p>A run that is resumed tells its rounds again from where it goes on: what the file says of them
 * already is dropped, so that it says everything once.
 */
final class MetricsLog implements TrainingProgress, AutoCloseable {

  static final String NAME = "metrics.jsonl";
  private static final String EPOCH = "epoch";
  private static final String ROUND = "round";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final AppendLog lines;

  /**
   * Opens the log of a run.
   *
   * @param folder the run's, any Hadoop URI; made if need be
   * @param epoch of the round that training begins with or goes on from, counted from 0
   * @param round that round within the epoch, counted from 0
   * @throws storyloom.model.UserException of data if the file cannot be read or written
   */
  MetricsLog(Path folder, Configuration configuration, int epoch, int round) {
    this.lines =
        AppendLog.open(
            new Path(folder, NAME), configuration, line -> endedBefore(line, epoch, round));
  }

  /** Whether a line tells of what was over then; one that a kill has torn tells nothing. */
  private static boolean endedBefore(String line, int epoch, int round) {
    try {
      JsonNode told = JSON.readTree(line);
      int itsEpoch = told.path(EPOCH).asInt(Integer.MAX_VALUE) - 1;
      int itsRound = told.path(ROUND).asInt(Integer.MAX_VALUE) - 1;
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
    line.putAll(TrainingMetrics.of(report));
    line.put("seconds", report.seconds());
    add(line);
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
}
