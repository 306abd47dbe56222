package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.ToIntFunction;

/** Runs commands in this JVM, on a Spark of two task slots, and keeps what they say. */
final class Commands {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What a command did. */
  record Result(int status, List<String> out, List<String> err) {
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

    /** The one line on stderr that begins with error. */
    String error() {
      List<String> errors = err.stream().filter(line -> line.startsWith("error: ")).toList();
      if (errors.size() != 1) {
        throw new AssertionError("one error line expected in " + err);
      }
      return errors.get(0);
    }
  }

  private Commands() {}

  static Result train(String... args) {
    return run(TrainJob::run, args);
  }

  static Result generate(String... args) {
    return run(GenerateJob::run, args);
  }

  static Result evaluate(String... args) {
    return run(EvaluateJob::run, args);
  }

  static Result run(ToIntFunction<String[]> command, String... args) {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    int[] status = new int[1];
    return captured(() -> status[0] = command.applyAsInt(args)).withStatus(status[0]);
  }

  /** The lines on stdout. */
  static List<String> said(Runnable action) {
    return captured(action).out();
  }

  private static Result captured(Runnable action) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, UTF_8));
      System.setErr(new PrintStream(errBytes, true, UTF_8));
      action.run();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return new Result(0, lines(outBytes), lines(errBytes));
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(UTF_8).lines().toList();
  }
}
