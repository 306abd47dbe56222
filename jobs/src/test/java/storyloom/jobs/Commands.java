package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs commands in this JVM, on a Spark of two task slots unless told otherwise, and keeps what
 * they say. All of their jobs must tell Spark's pages what they are for.
 */
public final class Commands {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What a command did. */
  public record Result(int status, List<String> out, List<String> err) {
    Result withStatus(int other) {
      return new Result(other, out, err);
    }

    /** The last line of stdout, which must be JSON. */
    JsonNode json() {
      try {
        return JSON.readTree(out.get(out.size() - 1));
      } catch (JsonProcessingException e) {
        throw new AssertionError("the last line is no JSON: " + out, e);
      }
    }

    /** SHA-256 of the weights that a training on local disks has ended in. */
    String weights() throws IOException {
      return weights(new Configuration());
    }

    /**
     * The same of a training on any file system.
     *
     * @param client how it is reached
     */
    String weights(Configuration client) throws IOException {
      if (status != 0) {
        throw new AssertionError("status " + status + ": " + err);
      }
      return TrainedWeights.sha256(json(), client);
    }

    /** The one line on stderr that begins with error. */
    public String error() {
      List<String> errors = err.stream().filter(line -> line.startsWith("error: ")).toList();
      if (errors.size() != 1) {
        throw new AssertionError("one error line expected in " + err);
      }
      return errors.get(0);
    }
  }

  private Commands() {}

  public static Result train(String... args) {
    return run(TrainJob::run, args);
  }

  public static Result generate(String... args) {
    return run(GenerateJob::run, args);
  }

  static Result evaluate(String... args) {
    return run(EvaluateJob::run, args);
  }

  public static Result run(ToIntFunction<String[]> command, String... args) {
    return runOn("local[2]", command, args);
  }

  /**
   * Runs a command on a Spark of another size.
   *
   * @param master such as {@code local[4]}
   */
  static Result runOn(String master, ToIntFunction<String[]> command, String... args) {
    System.setProperty("spark.master", master);
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.extraListeners", WatchedJobs.class.getName());
    WatchedJobs.forget();
    int[] status = new int[1];
    Result result = captured(() -> status[0] = command.applyAsInt(args)).withStatus(status[0]);
    WatchedJobs.requireAllDescribed();
    return result;
  }

  /** The lines on stdout. */
  public static List<String> said(Runnable action) {
    return captured(action).out();
  }

  /** What stdout is sent, to the letter. */
  public static String written(Runnable action) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    capture(action, bytes, new ByteArrayOutputStream());
    return bytes.toString(UTF_8);
  }

  private static Result captured(Runnable action) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    capture(action, out, err);
    return new Result(0, lines(out), lines(err));
  }

  private static void capture(Runnable action, OutputStream toOut, OutputStream toErr) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    try {
      System.setOut(new PrintStream(toOut, true, UTF_8));
      System.setErr(new PrintStream(toErr, true, UTF_8));
      action.run();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(UTF_8).lines().toList();
  }
}
