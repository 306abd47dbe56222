package storyloom.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of the tasks of a stage, by the event log that Spark writes of an application.
 *
 * @param partitions that the stage has
 * @param attempts tasks that were begun for them; as many if none was lost or repeated
 * @param lost tasks that ran on an executor when it was lost
 */
public record TaskLog(int partitions, int attempts, int lost) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads an event log, neither compressed nor rolled.
   *
   * @param accumulator name of one that the tasks of the stage, and no others, count in
   * @throws IllegalStateException if there is no such stage
   */
  public static TaskLog read(Path log, String accumulator) throws IOException {
    Map<Integer, List<JsonNode>> tasks = new HashMap<>();
    Set<String> lostExecutors = new HashSet<>();
    int stage = -1;
    try (BufferedReader lines = Files.newBufferedReader(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JSON.readTree(line);
        switch (event.get("Event").asText()) {
          case "SparkListenerExecutorRemoved" ->
              lostExecutors.add(event.get("Executor ID").asText());
          case "SparkListenerTaskEnd" -> {
            JsonNode task = event.get("Task Info");
            int its = event.get("Stage ID").asInt();
            tasks.computeIfAbsent(its, none -> new ArrayList<>()).add(task);
            stage = counts(task, accumulator) ? its : stage;
          }
          default -> {
            // of no interest
          }
        }
      }
    }
    if (stage < 0) {
      throw new IllegalStateException("no task of %s has counted %s".formatted(log, accumulator));
    }
    return of(tasks.get(stage), lostExecutors);
  }

  private static boolean counts(JsonNode task, String accumulator) {
    for (JsonNode each : task.get("Accumulables")) {
      if (each.path("Name").asText().equals(accumulator)) {
        return true;
      }
    }
    return false;
  }

  private static TaskLog of(List<JsonNode> tasks, Set<String> lostExecutors) {
    long partitions = tasks.stream().map(task -> task.get("Index").asInt()).distinct().count();
    long lost =
        tasks.stream()
            .filter(task -> task.get("Failed").asBoolean())
            .filter(task -> lostExecutors.contains(task.get("Executor ID").asText()))
            .count();
    return new TaskLog((int) partitions, tasks.size(), (int) lost);
  }

  /** Tasks that were done again although no executor was lost with them. */
  public int repeated() {
    return attempts - partitions - lost;
  }
}
