package storyloom.bench.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** What a benchmark found, by name, and how it is printed. */
public final class Figures {

  private Figures() {}

  /** Prints a table of names and values, then the line of JSON. */
  public static void print(Map<String, ?> figures, PrintWriter out) throws JsonProcessingException {
    printTable(figures, out);
    printJson(figures, out);
  }

  /** Prints a table of names and values, before more is printed. */
  public static void printTable(Map<String, ?> figures, PrintWriter out) {
    figures.forEach((name, value) -> out.printf("%-24s %s%n", name, value));
  }

  /** Prints the line of JSON alone, after a table of another shape. */
  public static void printJson(Map<String, ?> figures, PrintWriter out)
      throws JsonProcessingException {
    out.println(new ObjectMapper().writeValueAsString(figures));
    out.flush();
  }

  /** The median; not a number if there are no figures. */
  public static double median(DoubleStream figures) {
    return new Median().evaluate(figures.toArray());
  }
}
