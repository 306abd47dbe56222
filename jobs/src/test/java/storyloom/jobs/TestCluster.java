package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import storyloom.jobs.BinCommand.Ended;

/** A standalone cluster on this machine, every member a JVM of its own. */
final class TestCluster implements AutoCloseable {

  private final Path folder;
  private final String master;

  private TestCluster(Path folder, String master) {
    this.folder = folder;
    this.master = master;
  }

  /**
   * Starts a master and workers of one core, at ports of their own: other tests may have a cluster
   * too.
   *
   * @param folder for the cluster's files
   */
  static TestCluster start(Path folder, int workers) throws Exception {
    List<String> arguments = List.of("start", Integer.toString(workers), "--memory", "2g");
    Map<String, String> ports =
        Map.of("SPARK_MASTER_PORT", freePort(), "SPARK_MASTER_WEBUI_PORT", freePort());
    Ended started;
    try (BinCommand starting = BinCommand.start(folder, "spark-cluster", arguments, ports)) {
      started = starting.ended();
    }
    assertThat(started.status()).as(started.err()).isZero();
    String master =
        started.out().stream()
            .filter(line -> line.startsWith("spark://"))
            .findFirst()
            .orElseThrow();
    return new TestCluster(folder, master);
  }

  private static String freePort() throws IOException {
    try (ServerSocket listening = new ServerSocket(0)) {
      return Integer.toString(listening.getLocalPort());
    }
  }

  /** Where the files lie of a cluster that a test starts. */
  static Path files(Path folder) {
    return folder.resolve("cluster");
  }

  /** Submits a jar to the cluster, without further options to Spark. */
  Ended run(String jar, String... arguments) throws Exception {
    try (BinCommand running = submit(List.of(), jar, List.of(arguments))) {
      return running.ended();
    }
  }

  /** Starts to run a jar on the cluster. */
  BinCommand submit(List<String> options, String jar, List<String> arguments) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("--master", master, "--conf", "spark.ui.enabled=false"));
    line.addAll(options);
    line.add(BinCommand.ROOT.resolve("jobs").resolve(jar).toString());
    line.addAll(arguments);
    return BinCommand.start(folder, "spark-submit", line);
  }

  /** The JVM of a worker, which is not the one that computes. */
  ProcessHandle worker(int number) {
    try {
      String pid = Files.readString(files(folder).resolve("worker-" + number + ".pid")).strip();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new AssertionError("the cluster has no worker " + number, e);
    }
  }

  /**
   * The JVM in which a worker lets the newest job's tasks run, for that of a job that is over may
   * take seconds to end; empty until one has come.
   */
  Optional<ProcessHandle> executor(int worker) {
    return worker(worker)
        .children()
        .filter(ProcessHandle::isAlive)
        .max(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.MIN)));
  }

  /** Ends a worker, and waits until the master knows. */
  void stopWorker(int number) throws Exception {
    manage("stop-worker", number);
  }

  /** Starts a worker that has ended, and waits until the master knows. */
  void startWorker(int number) throws Exception {
    manage("start-worker", number);
  }

  private void manage(String command, int worker) throws Exception {
    Ended done = BinCommand.run(folder, "spark-cluster", command, Integer.toString(worker));
    assertThat(done.status()).as(done.err()).isZero();
  }

  /** Ends all of it. */
  @Override
  public void close() throws Exception {
    BinCommand.run(folder, "spark-cluster", "stop");
  }
}
