package storyloom.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.util.ShutdownHookManager;
import storyloom.model.UserException;

/**
 * A standalone Spark cluster of {@code bin/spark-cluster} on this machine, all of whose processes
 * end when it is closed, or when this one ends.
 */
final class LocalCluster implements AutoCloseable {

  /** Where the project lies; {@code bin/bench} says it. */
  private static final String ROOT = "STORYLOOM_ROOT";

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
   * @throws UserException of usage if this process was not started by {@code bin/bench}
   */
  static LocalCluster start(int executors) {
    String root = System.getenv(ROOT);
    if (root == null) {
      throw UserException.usage(ROOT + " is not set: start this by bin/bench");
    }
    try {
      return new LocalCluster(Path.of(root, "bin", "spark-cluster"), executors);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What {@code spark.master} is to be. */
  String url() {
    return url;
  }

  private List<String> run(String... arguments) {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("STORYLOOM_CLUSTER_DIR", folder.resolve("cluster").toString());
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
