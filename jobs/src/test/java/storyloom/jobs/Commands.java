package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.ToIntFunction;

/** Runs commands in this JVM, on a Spark of two task slots, and keeps what they say. */
final class Commands {

  /** What a command did. */
  record Result(int status, List<String> out, List<String> err) {
    /** The last line of stdout. */
    String lastLine() {
      return out.get(out.size() - 1);
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

  static Result run(ToIntFunction<String[]> command, String... args) {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, UTF_8));
      System.setErr(new PrintStream(errBytes, true, UTF_8));
      int status = command.applyAsInt(args);
      return new Result(status, lines(outBytes), lines(errBytes));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(UTF_8).lines().toList();
  }
}
