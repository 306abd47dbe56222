package storyloom.bench;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import storyloom.bench.load.WrittenStories;
import storyloom.bench.measure.TaskLog;
import storyloom.bench.process.GenerateProcess;
import storyloom.bench.process.GenerateProcess.Times;
import storyloom.bench.process.LocalCluster;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.pipeline.generate.StoryGenerator;

/** Runs of generate.jar with the same prompts, model and settings. */
final class GenerateRuns {

  /** Share of the stories that are written when an executor is killed, or a little more. */
  private static final double MIDDLE = 0.4;

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
    return run("local", "local[" + slots + "]", List.of(), share -> {});
  }

  /** On a cluster of so many executors of one core. */
  Run on(int executors) throws InterruptedException {
    try (LocalCluster cluster = LocalCluster.start(executors)) {
      return run("on-" + executors, cluster.url(), List.of(), share -> {});
    }
  }

  /**
   * On a cluster, the first of whose executors is killed in the middle.
   *
   * @throws UserException of usage if all stories are written before
   */
  KilledRun killed(int executors) throws IOException, InterruptedException {
    Path log = Files.createDirectory(folder.resolve("log"));
    List<String> logging =
        List.of(
            "--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + log.toUri());
    try (LocalCluster cluster = LocalCluster.start(executors)) {
      Killing killing = new Killing(cluster);
      Run run = run("killed", cluster.url(), logging, killing);
      if (!killing.done) {
        throw UserException.usage(
            "all was written before an executor was killed: take more prompts");
      }
      try (Stream<Path> logs = Files.list(log)) {
        return new KilledRun(
            run, TaskLog.read(logs.findFirst().orElseThrow(), StoryGenerator.TOLD));
      }
    }
  }

  private static final class Killing implements DoubleConsumer {
    private final LocalCluster cluster;
    private boolean done;

    Killing(LocalCluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public void accept(double share) {
      if (share >= MIDDLE && share < 1 && !done) {
        cluster.killExecutor(1);
        done = true;
      }
    }
  }

  private Run run(String name, String master, List<String> conf, DoubleConsumer progress)
      throws InterruptedException {
    List<String> submit = new ArrayList<>(List.of("--master", master));
    submit.addAll(conf);
    Path stories = folder.resolve(name);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--output", stories.toString()));
    Path errors = folder.resolve(name + ".err");
    return new Run(new GenerateProcess(submit, all, errors).run(progress), stories);
  }
}
