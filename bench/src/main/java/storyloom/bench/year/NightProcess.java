package storyloom.bench.year;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A night in a process of its own, with this one's Java, its options and its class path. */
final class NightProcess implements AutoCloseable {

  private static final long LOOK_MILLIS = 5;
  private static final long PATIENCE_MINUTES = 10;
  private static final String TRAIN = "storyloom.jobs.TrainJob";

  private final Process process;

  private NightProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a night.
   *
   * @param arguments of train.jar
   * @param mostBytes that a file may grow to; 0 for any size
   * @param log what it says is appended here
   */
  static NightProcess start(List<String> arguments, long mostBytes, Path log) throws IOException {
    List<String> line = new ArrayList<>();
    if (mostBytes > 0) {
      line.addAll(List.of("bash", "-c", "ulimit -f " + mostBytes / 1024 + " && exec \"$@\"", "-"));
    }
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(List.of("-Dspark.master=local[2]", "-cp", classPath(), TRAIN));
    line.addAll(arguments);
    return new NightProcess(
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  /** This process's, and the jar that spark-submit has loaded besides. */
  private static String classPath() {
    String root = System.getenv("STORYLOOM_ROOT");
    String own = System.getProperty("java.class.path");
    return root == null ? own : Path.of(root, "jobs", "train.jar") + File.pathSeparator + own;
  }

  /**
   * Kills it a while after a moment, if it has not ended by then; gives its exit status.
   *
   * @param moment whether it has come; it is not waited for longer than any night takes
   */
  int killAfter(BooleanSupplier moment, long millis) throws InterruptedException {
    long latest = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
    while (process.isAlive() && !moment.getAsBoolean() && System.nanoTime() < latest) {
      Thread.sleep(LOOK_MILLIS);
    }
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  /** Its exit status, when it has ended. */
  int ended() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
