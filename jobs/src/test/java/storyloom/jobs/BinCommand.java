package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** A command of {@code bin/} in a process of its own, which does not outlive this object. */
final class BinCommand implements AutoCloseable {

  /** The project's folder. */
  static final Path ROOT = Path.of(System.getProperty("storyloom.root"));

  /** What train.jar says after a round. */
  static final Pattern ROUND_DONE = Pattern.compile("epoch \\d+ of \\d+, round .*");

  /** How this JVM compiles, where Maven has said so: those that tests start do the same. */
  static final String COMPILER =
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(option -> option.startsWith("-XX:TieredStopAtLevel="))
          .collect(Collectors.joining(" "));

  private static final long PATIENCE_MINUTES = 15;
  private static final long PAUSE_MILLIS = 20;

  /** What a finished command said. */
  record Ended(int status, List<String> out, String err) {

    /** The last line of stdout, which must be JSON. */
    JsonNode lastLine() throws IOException {
      return JsonMapper.builder().build().readTree(out.get(out.size() - 1));
    }

    /** SHA-256 of the weights that a training has ended in. */
    String weights() throws IOException {
      assertThat(status).as(err).isZero();
      return TrainedWeights.sha256(lastLine(), new Configuration());
    }
  }

  private final List<String> line;
  private final Path out;
  private final Path err;
  private final Process process;

  private BinCommand(Path folder, List<String> line, Map<String, String> environment)
      throws IOException {
    this.line = line;
    out = Files.createTempFile(folder, "out", ".txt");
    err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(ROOT.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("STORYLOOM_CLUSTER_DIR", TestCluster.files(folder).toString());
    builder.environment().put("SPARK_SUBMIT_OPTS", COMPILER);
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /**
   * Starts a command.
   *
   * @param folder for what it says, and with the cluster that it is about
   */
  static BinCommand start(Path folder, String command, List<String> arguments) throws IOException {
    return start(folder, command, arguments, Map.of());
  }

  /** Starts a command that sees some more variables of the environment. */
  static BinCommand start(
      Path folder, String command, List<String> arguments, Map<String, String> environment)
      throws IOException {
    return start(folder, ROOT.resolve("bin").resolve(command), arguments, environment);
  }

  /** Starts a command that stands elsewhere. */
  static BinCommand start(
      Path folder, Path command, List<String> arguments, Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(arguments);
    return new BinCommand(folder, line, environment);
  }

  /** The process: commands that start Java become it. */
  ProcessHandle process() {
    return process.toHandle();
  }

  /** Waits until so many lines on stdout are of a kind; the command must not end before. */
  void awaitLines(Pattern kind, long count) throws Exception {
    await(() -> lines(kind) >= count);
  }

  /** How many lines on stdout are of a kind. */
  long lines(Pattern kind) {
    return read(out).lines().filter(kind.asMatchPredicate()).count();
  }

  /** Waits until something holds; the command must not end before. */
  void await(BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw failure("has ended too early, or waits for ever");
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Runs a command from start to end. */
  static Ended run(Path folder, String command, String... arguments) throws Exception {
    try (BinCommand running = start(folder, command, List.of(arguments))) {
      return running.ended();
    }
  }

  /** Waits for its end. */
  Ended ended() throws Exception {
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      throw failure("does not end");
    }
    return new Ended(process.exitValue(), read(out).lines().toList(), read(err));
  }

  private AssertionError failure(String reason) {
    return new AssertionError(line + " " + reason + ":\n" + read(out) + read(err));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }

  /** Ends it at once, if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
