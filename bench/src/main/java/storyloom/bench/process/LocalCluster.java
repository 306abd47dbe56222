package storyloom.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * A standalone Spark cluster of {@code bin/spark-cluster} on this machine, all of whose processes
 * end when it is closed, or when this one ends.
 */
public final class LocalCluster implements AutoCloseable {

  /** After the hooks that end Spark, 40, and the file systems, 10. */
  private static final int PRIORITY = 1;

  private final Path command;
  private final Path folder;
  private final String url;
  private final Runnable hook = this::stop;

  private LocalCluster(Path command, int executors) throws IOException {
    this.command = command;
    this.folder = Files.createTempDirectory("storyloom-cluster-");
    ShutdownHookManager.get().addShutdownHook(hook, PRIORITY);
    this.url =
        run("start", Integer.toString(executors), "--cores", "1").stream()
            .filter(line -> line.startsWith("spark://"))
            .findFirst()
            .orElseThrow(
                () -> {
                  close();
                  return new IllegalStateException("no cluster could be started; see above");
                });
  }

  /**
   * Starts a master and workers that give one core each.
   *
   * @throws storyloom.model.UserException of usage if this process was not started by {@code
   *     bin/bench}
   */
  public static LocalCluster start(int executors) {
    try {
      return new LocalCluster(ProjectFolder.file("bin", "spark-cluster"), executors);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What {@code spark.master} is to be. */
  public String url() {
    return url;
  }

  /**
   * Kills the JVM in which a worker lets tasks run. The worker starts another one.
   *
   * @param worker counted from 1
   * @throws IllegalStateException if it has none
   */
  public void killExecutor(int worker) {
    try {
      String pid = Files.readString(files().resolve("worker-" + worker + ".pid")).strip();
      ProcessHandle.of(Long.parseLong(pid)).stream()
          .flatMap(ProcessHandle::children)
          .filter(ProcessHandle::isAlive)
          // that of an application that is over may take seconds to end
          .max(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.MIN)))
          .orElseThrow(() -> new IllegalStateException("worker " + worker + " has no executor"))
          .destroyForcibly();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path files() {
    return folder.resolve("cluster");
  }

  private List<String> run(String... arguments) {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("STORYLOOM_CLUSTER_DIR", files().toString());
    try {
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return out.lines().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for " + command, stopped);
    }
  }

  private void stop() {
    run("stop");
    FileUtil.fullyDelete(folder.toFile());
  }

  @Override
  public void close() {
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
      stop();
    }
  }
}
