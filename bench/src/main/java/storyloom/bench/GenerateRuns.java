package storyloom.bench;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import storyloom.bench.load.WrittenStories;
import storyloom.bench.measure.TaskLog;
import storyloom.bench.process.GenerateProcess;
import storyloom.bench.process.GenerateProcess.Times;
import storyloom.bench.process.LocalCluster;
import storyloom.model.settings.Settings;
import storyloom.pipeline.generate.StoryGenerator;

/** Runs of generate.jar with the same prompts, model and settings. */
final class GenerateRuns {

  /**
   * What a run took.
   *
   * @param stories the folder that it has written
   */
  record Run(Times times, Path stories) {

    /** Tokens a second of writing. */
    double speed(WrittenStories written) {
      return written.tokens() / times.writing();
    }

    /**
     * Looks at what it has written.
     *
     * @param expected what other runs have written
     * @throws IllegalStateException if these are other stories
     */
    WrittenStories read(SparkSession session, WrittenStories expected) {
      WrittenStories written = WrittenStories.read(session, stories);
      if (!written.isSameAs(expected)) {
        throw new IllegalStateException(
            "the stories differ: %s in %s, not %s".formatted(written, stories, expected));
      }
      return written;
    }
  }

  /**
   * What a run took, one of whose executors was killed.
   *
   * @param tasks what became of those that write stories
   */
  record KilledRun(Run run, TaskLog tasks) {}

  private final Path folder;
  private final List<String> arguments;

  /**
   * @param folder for what they write
   * @param model directory of the bundle
   * @param settings of which those go to generate.jar that differ from its defaults
   */
  GenerateRuns(Path folder, Path input, String model, Settings settings) {
    this.folder = requireNonNull(folder, "folder");
    this.arguments = new ArrayList<>(List.of("--input", input.toString(), "--model", model));
    for (Map.Entry<String, String> each : settings.changed().entrySet()) {
      arguments.addAll(List.of("--set", each.getKey() + "=" + each.getValue()));
    }
  }

  /** With so many task slots in one process. */
  Run local(int slots) throws InterruptedException {
    return run("local", "local[" + slots + "]", List.of(), () -> {});
  }

  /** On a cluster of so many executors of one core. */
  Run on(int executors) throws InterruptedException {
    try (LocalCluster cluster = LocalCluster.start(executors)) {
      return run("on-" + executors, cluster.url(), List.of(), () -> {});
    }
  }

  /**
   * On a cluster, the first of whose executors is killed a while after the writing has begun.
   *
   * @param seconds after which it is killed, if stories are still being written then
   */
  KilledRun killed(int executors, double seconds) throws IOException, InterruptedException {
    Path log = Files.createDirectory(folder.resolve("log"));
    List<String> logging =
        List.of(
            "--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + log.toUri());
    try (LocalCluster cluster = LocalCluster.start(executors);
        Killing killing = new Killing(cluster, seconds)) {
      Run run = run("killed", cluster.url(), logging, killing);
      try (Stream<Path> logs = Files.list(log)) {
        return new KilledRun(
            run, TaskLog.read(logs.findFirst().orElseThrow(), StoryGenerator.TOLD));
      }
    }
  }

  /** Kills an executor some seconds after it is told to, unless it is closed before. */
  private static final class Killing implements Runnable, AutoCloseable {
    private final LocalCluster cluster;
    private final double seconds;
    private CompletableFuture<Void> kill = CompletableFuture.completedFuture(null);

    Killing(LocalCluster cluster, double seconds) {
      this.cluster = cluster;
      this.seconds = seconds;
    }

    @Override
    public void run() {
      Executor later =
          CompletableFuture.delayedExecutor((long) (seconds * 1e3), TimeUnit.MILLISECONDS);
      kill = CompletableFuture.runAsync(() -> cluster.killExecutor(1), later);
    }

    @Override
    public void close() {
      if (!kill.cancel(false)) {
        kill.join(); // tells if it has failed
      }
    }
  }

  private Run run(String name, String master, List<String> conf, Runnable begun)
      throws InterruptedException {
    List<String> submit = new ArrayList<>(List.of("--master", master));
    submit.addAll(conf);
    Path stories = folder.resolve(name);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--output", stories.toString()));
    Path errors = folder.resolve(name + ".err");
    return new Run(new GenerateProcess(submit, all, errors).run(begun), stories);
  }
}
