package storyloom.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/** What people and programs read of a command: results on stdout, remarks on stderr. */
final class Console {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Console() {}

  /** A line of the result. */
  static void say(String line) {
    System.out.println(line);
  }

  /** A line of the result, made as {@link String#formatted} does. */
  static void say(String format, Object... values) {
    say(format.formatted(values));
  }

  /** The result for programs: one line, keys in the order of the map. */
  static void json(Map<String, ?> values) {
    try {
      say(JSON.writeValueAsString(values));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + values, e);
    }
  }

  /** A line about how the command works. */
  static void remark(String line) {
    System.err.println(line);
  }

  /** Something that the user should know, though the command goes on. */
  static void warn(String line) {
    remark("warning: " + line);
  }
}
