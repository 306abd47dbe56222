package storyloom.bench.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Map;

/** What a benchmark found, as it is printed. */
public final class Figures {

  private Figures() {}

  /** A table of names and values, then the line of JSON. */
  public static void print(Map<String, Object> figures, PrintWriter out)
      throws JsonProcessingException {
    figures.forEach((name, value) -> out.printf("%-24s %s%n", name, value));
    out.println(new ObjectMapper().writeValueAsString(figures));
  }
}
