package storyloom.jobs.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/**
 * What {@link MetricsLog} has told of a run.
 *
 * @param rounds a line of JSON for each round
 * @param epochs a line of JSON for each epoch
 */
public record LoggedRounds(List<JsonNode> rounds, List<JsonNode> epochs) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public LoggedRounds {
    rounds = List.copyOf(rounds);
    epochs = List.copyOf(epochs);
  }

  /**
   * Reads a run's log; nothing if there is none.
   *
   * @param folder the run's
   * @throws UserException of data if it cannot be read
   */
  public static LoggedRounds read(Path folder, Configuration configuration) {
    Path file = new Path(folder, MetricsLog.NAME);
    List<JsonNode> rounds = new ArrayList<>();
    List<JsonNode> epochs = new ArrayList<>();
    try (InputStream in = HadoopFiles.of(file, configuration).open(file)) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        JsonNode told = JSON.readTree(line);
        (told.has("round") ? rounds : epochs).add(told);
      }
    } catch (FileNotFoundException none) {
      return new LoggedRounds(List.of(), List.of());
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
    return new LoggedRounds(rounds, epochs);
  }

  /** How many rounds there were until the end of an epoch, counted from 1. */
  long until(int epoch) {
    return rounds.stream().filter(round -> round.path("epoch").asInt() <= epoch).count();
  }

  /**
   * A figure of each round or epoch, averaged over neighbours so that there are at most so many.
   */
  public static List<Double> values(List<JsonNode> lines, String name, int most) {
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
