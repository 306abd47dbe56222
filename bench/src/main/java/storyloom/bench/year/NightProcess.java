package storyloom.bench.year;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

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
   * @param log its output is appended here
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

  /** Sees from outside how far a night is. */
  static final class NightWatch {

    private static final String RECORD = ".json";

    private final Path log;
    private final HomeCheck home;
    private final Set<String> before;

    /** Of a night that is about to start and will append its output to a log. */
    NightWatch(Path log, HomeCheck home) {
      this.log = log;
      this.home = home;
      this.before = home.modelFiles();
    }

    /** Whether it has logged a line that begins so. */
    boolean hasLogged(String beginning) {
      return lines().stream().anyMatch(line -> line.startsWith(beginning));
    }

    /** Whether there is a model that was not there before. */
    boolean hasModel() {
      return hasNew(name -> !name.startsWith("_") && !name.endsWith(RECORD));
    }

    /** Whether something is written down about a model of which nothing was before. */
    boolean hasRecord() {
      return hasNew(name -> !name.startsWith("_") && name.endsWith(RECORD));
    }

    private boolean hasNew(Predicate<String> kind) {
      return home.modelFiles().stream().filter(kind).anyMatch(name -> !before.contains(name));
    }

    /** All that it has logged so far. */
    List<String> lines() {
      try {
        // a kill may have cut the last character in two
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The last line that it has logged. */
    String lastLine() {
      List<String> lines = lines();
      return lines.isEmpty() ? "none" : lines.get(lines.size() - 1);
    }
  }

  /** What a night does when it is killed: each phase of it has its turn, however long it takes. */
  enum KillMoment {
    /** The corpus is looked for, read, cleaned, counted and encoded. */
    READING(4000, night -> night.hasLogged("Spark ")),
    /** Rounds go by and checkpoints are written. */
    TRAINING(1000, night -> night.hasLogged("epoch ") || night.hasLogged("resuming ")),
    /** The model is there, and is compared with the current one. */
    EVALUATING(1500, NightWatch::hasModel),
    /** Its figures are written down; it is made the current one, and reported. */
    PROMOTING(400, NightWatch::hasRecord);

    private final int millis;
    private final Predicate<NightWatch> begun;

    KillMoment(int millis, Predicate<NightWatch> begun) {
      this.millis = millis;
      this.begun = begun;
    }

    /** The moment of one kill after another, counted from 0. */
    static KillMoment of(int kill) {
      return values()[kill % values().length];
    }

    /** Whether this phase of a night has begun. */
    boolean hasBegun(NightWatch night) {
      return begun.test(night);
    }

    /** Milliseconds that it takes, more or less. */
    int millis() {
      return millis;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
