package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** A YARN in this JVM, whose containers are processes of their own. */
final class YarnCluster implements AutoCloseable {

  /** What serves YARN's pages tells each of its parts; a logger is forgotten unless it is held. */
  private static final Logger PAGES = Logger.getLogger("org.apache.hadoop.shaded.com.sun.jersey");

  private final Path folder;
  private final Path sparkHome;
  private final MiniYARNCluster yarn;
  private final YarnClient client;

  private YarnCluster(Path folder, Path sparkHome, MiniYARNCluster yarn, YarnClient client) {
    this.folder = folder;
    this.sparkHome = sparkHome;
    this.yarn = yarn;
    this.client = client;
  }

  /**
   * Starts a cluster of one node.
   *
   * @param folder for its files
   */
  static YarnCluster start(Path folder) throws Exception {
    PAGES.setLevel(Level.WARNING);
    Path sparkHome = sparkHome(folder);
    Configuration wanted = new YarnConfiguration();
    wanted.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 64);
    wanted.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, 8192);
    wanted.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    wanted.set(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, "100");
    wanted.set(YarnConfiguration.YARN_APPLICATION_CLASSPATH, "");
    wanted.set("yarn.scheduler.capacity.root.queues", "default");
    wanted.set("yarn.scheduler.capacity.root.default.capacity", "100");
    wanted.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    System.setProperty("test.build.data", folder.resolve("yarn").toString());
    MiniYARNCluster yarn = new MiniYARNCluster("storyloom", 1, 1, 1);
    yarn.init(wanted);
    yarn.start();
    Path conf = Files.createDirectories(conf(folder));
    try (OutputStream out = Files.newOutputStream(conf.resolve("yarn-site.xml"))) {
      yarn.getConfig().writeXml(out);
    }
    YarnClient client = YarnClient.createYarnClient();
    client.init(yarn.getConfig());
    client.start();
    return new YarnCluster(folder, sparkHome, yarn, client);
  }

  private static Path conf(Path folder) {
    return folder.resolve("conf");
  }

  /** The Spark that bin/spark-submit uses or assembles. */
  private static Path sparkHome(Path folder) throws Exception {
    BinCommand.Ended version = BinCommand.run(folder, "spark-submit", "--version");
    assertThat(version.status()).as(version.err()).isZero();
    String known = System.getenv("SPARK_HOME");
    return known == null ? assembled() : Path.of(known);
  }

  private static Path assembled() throws IOException {
    try (Stream<Path> versions = Files.list(BinCommand.ROOT.resolve(".spark"))) {
      return versions
          .filter(each -> Files.isDirectory(each.resolve("jars")))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  /**
   * Runs train.jar in cluster mode, by bin/spark-submit.
   *
   * @param options of spark-submit
   */
  ApplicationReport submit(List<String> options, String... arguments) throws Exception {
    return submitBy(BinCommand.ROOT.resolve("bin/spark-submit"), options, arguments);
  }

  /** Runs train.jar in cluster mode, by Spark's own spark-submit. */
  ApplicationReport submitBySpark(String... arguments) throws Exception {
    return submitBy(sparkHome.resolve("bin/spark-submit"), List.of(), arguments);
  }

  private ApplicationReport submitBy(Path command, List<String> options, String... arguments)
      throws Exception {
    List<ApplicationReport> before = client.getApplications();
    BinCommand.Ended ended = run(command, "cluster", options, arguments);
    List<ApplicationReport> after = new ArrayList<>(client.getApplications());
    after.removeIf(
        each ->
            before.stream()
                .anyMatch(old -> old.getApplicationId().equals(each.getApplicationId())));
    assertThat(after).as(ended.err()).hasSize(1);
    return after.get(0);
  }

  /**
   * Runs train.jar in client mode, by bin/spark-submit.
   *
   * @param options of spark-submit
   */
  BinCommand.Ended runHere(List<String> options, String... arguments) throws Exception {
    return run(BinCommand.ROOT.resolve("bin/spark-submit"), "client", options, arguments);
  }

  private BinCommand.Ended run(Path command, String mode, List<String> options, String... arguments)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("--master", "yarn", "--deploy-mode", mode));
    line.addAll(List.of("--driver-memory", "1g", "--executor-memory", "1g"));
    for (String setting :
        List.of(
            "spark.yarn.jars=local:" + sparkHome.resolve("jars") + "/*",
            "spark.yarn.stagingDir=" + folder.resolve("staging").toUri(),
            "spark.executor.instances=1",
            "spark.ui.enabled=false")) {
      line.addAll(List.of("--conf", setting));
    }
    line.addAll(options);
    line.add(BinCommand.ROOT.resolve("jobs/train.jar").toString());
    line.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME", sparkHome.toString(),
            "HADOOP_CONF_DIR", conf(folder).toString(),
            "SPARK_LOCAL_IP", "127.0.0.1");
    try (BinCommand running = BinCommand.start(folder, command, line, environment)) {
      return running.ended();
    }
  }

  /** How often YARN started it. */
  int attempts(ApplicationReport application) throws YarnException, IOException {
    return client.getApplicationAttempts(application.getApplicationId()).size();
  }

  /** What the driver of the first attempt wrote to stderr. */
  String driverSaid(ApplicationReport application) throws IOException {
    return said(application, 1);
  }

  /** What the first executor of the first attempt wrote to stderr. */
  String executorSaid(ApplicationReport application) throws IOException {
    return said(application, 2);
  }

  private String said(ApplicationReport application, int number) throws IOException {
    String container =
        application.getApplicationId().toString().replace("application", "container")
            + "_01_%06d".formatted(number);
    try (Stream<Path> files = Files.walk(folder.resolve("yarn"))) {
      Path stderr =
          files
              .filter(each -> each.endsWith(Path.of(container, "stderr")))
              .findFirst()
              .orElseThrow();
      return Files.readString(stderr);
    }
  }

  @Override
  public void close() {
    client.stop();
    yarn.stop();
  }
}
