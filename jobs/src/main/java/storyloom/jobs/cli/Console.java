package storyloom.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import storyloom.model.OneLine;

/**
 * What people and programs read of a command: results on stdout, remarks on stderr. Whatever stands
 * in it, a line stays one line and steers no terminal, as {@link OneLine} says.
 */
public final class Console {

  /** Of each value in a line: a path has 4096 at most, and a scheme and a host before it. */
  private static final int MOST_CHARACTERS = 8192;

  /** Letters beyond ASCII are escaped, so that no terminal is steered and nothing is lost. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /**
   * A terminal's codes: erase from here on; let what is too long for a line not run into the next.
   */
  private static final String ERASE = "\r\u001b[J";

  private static final String CUT = "\u001b[?7l";
  private static final String UNCUT = "\u001b[?7h";

  /** Moves the cursor so many lines up. */
  private static final String UP = "\u001b[%dA";

  private static List<String> status = List.of();

  private Console() {}

  /** A line of the result. */
  public static void say(String line) {
    print(System.out, OneLine.whole(line));
  }

  /** A line of the result, made as {@link String#formatted} does of values of any length. */
  public static void say(String format, Object... values) {
    say(format.formatted(Arrays.stream(values).map(Console::shown).toArray()));
  }

  private static Object shown(Object value) {
    return value instanceof Number ? value : OneLine.of(String.valueOf(value), MOST_CHARACTERS);
  }

  /** A result of several lines, such as a story. */
  public static void text(String lines) {
    print(System.out, eachLine(lines));
  }

  /** The result for programs: one line, keys in the order of the map. */
  public static void json(Map<String, ?> values) {
    try {
      print(System.out, JSON.writeValueAsString(values));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + values, e);
    }
  }

  /** A line about how the command works. */
  public static void remark(String line) {
    print(System.err, OneLine.whole(line));
  }

  /** The stack trace of a mistake. */
  public static void trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    print(System.err, eachLine(trace.toString()));
  }

  private static String eachLine(String text) {
    return text.lines().map(OneLine::whole).collect(Collectors.joining("\n"));
  }

  /** Something that the user should know, though the command goes on. */
  public static void warn(String line) {
    remark("warning: " + line);
  }

  /** Seconds as hours, minutes and seconds: {@code 1:02:03}. */
  public static String duration(double seconds) {
    Duration whole = Duration.ofSeconds(Math.round(seconds));
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", whole.toHours(), whole.toMinutesPart(), whole.toSecondsPart());
  }

  /** Whether a person at a terminal reads stdout, and the terminal can erase. */
  public static boolean isTerminal() {
    // in Java 17 there is a console if both stdin and stdout are a terminal
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }

  /**
   * Shows a line below all others, for terminals only, until the next one takes its place. The
   * cursor stays at its beginning: what others write to the terminal goes over it, not behind it.
   *
   * @param line to show; nothing if empty
   */
  public static void status(String line) {
    status(line.isEmpty() ? List.of() : List.of(line));
  }

  /** As {@link #status(String)}, with several lines; none if empty. */
  public static synchronized void status(List<String> lines) {
    erase();
    status = lines.stream().map(OneLine::whole).toList();
    draw();
  }

  private static synchronized void print(PrintStream stream, String line) {
    erase();
    stream.println(line);
    draw();
  }

  private static void erase() {
    if (!status.isEmpty()) {
      System.out.print(ERASE);
      System.out.flush();
    }
  }

  private static void draw() {
    if (!status.isEmpty()) {
      int below = status.size() - 1;
      System.out.print(CUT + String.join("\n", status) + UNCUT + "\r");
      System.out.print(below == 0 ? "" : UP.formatted(below));
      System.out.flush();
    }
  }
}
