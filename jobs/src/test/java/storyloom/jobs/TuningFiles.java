package storyloom.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the only tuning of a home has left there. */
final class TuningFiles {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TuningFiles() {}

  /** Its folder. */
  static Path folder(Path home) throws IOException {
    try (var tunings = Files.list(home.resolve("tunings"))) {
      return tunings.findFirst().orElseThrow();
    }
  }

  /** The lines of its record. */
  static List<JsonNode> record(Path home) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder(home).resolve("trials.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  /** The lines about one kind of event. */
  static List<JsonNode> events(List<JsonNode> record, String kind) {
    return record.stream().filter(line -> line.path("event").asText().equals(kind)).toList();
  }

  /** What was found for each trial on each rung, which must have been trained once. */
  static Map<String, String> found(Path home) throws IOException {
    return events(record(home), "ended").stream()
        .collect(
            Collectors.toMap(
                line -> line.get("trial") + "/" + line.get("rung"),
                line -> line.get("loss") + " " + line.get("perplexity_per_word"),
                (one, other) -> {
                  throw new AssertionError("a rung was trained twice");
                },
                TreeMap::new));
  }
}
