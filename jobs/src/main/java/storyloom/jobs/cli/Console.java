package storyloom.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What people and programs read of a command: results on stdout, remarks on stderr. */
public final class Console {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A terminal's codes: erase this line; let what is too long for it not run into the next. */
  private static final String ERASE = "\r\u001b[K";

  private static final String CUT = "\u001b[?7l";
  private static final String UNCUT = "\u001b[?7h";

  private static String status = "";

  private Console() {}

  /** A line of the result. */
  public static void say(String line) {
    print(System.out, line);
  }

  /** A line of the result, made as {@link String#formatted} does. */
  public static void say(String format, Object... values) {
    say(format.formatted(values));
  }

  /** The result for programs: one line, keys in the order of the map. */
  public static void json(Map<String, ?> values) {
    try {
      say(JSON.writeValueAsString(values));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + values, e);
    }
  }

  /** A line about how the command works. */
  public static void remark(String line) {
    print(System.err, line);
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
  public static synchronized void status(String line) {
    erase();
    status = line;
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
      System.out.print(CUT + status + UNCUT + "\r");
      System.out.flush();
    }
  }
}
