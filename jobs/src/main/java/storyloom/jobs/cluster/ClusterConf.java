package storyloom.jobs.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import storyloom.model.UserException;

/** The Spark configuration of a job: what the user said, and defaults that suit this program. */
final class ClusterConf {

  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String REGION_SIZE = "-XX:G1HeapRegionSize";
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static final String TASK_CPUS = "spark.task.cpus";
  private static final Pattern LOCAL = Pattern.compile("local(\\[(?<threads>\\d+|\\*)(,.*)?\\])?");

  private ClusterConf() {}

  /**
   * Completes what spark-submit passed on; whatever the user set stays.
   *
   * @param name what the application is called in Spark's pages
   */
  static SparkConf complete(SparkConf given, String name) {
    return given
        .setIfMissing("spark.master", "local[*]")
        .setIfMissing("spark.app.name", name)
        .setIfMissing("spark.driver.maxResultSize", "0")
        .setIfMissing("spark.ui.showConsoleProgress", "false")
        // rows of cleaned pairs have more columns than Spark shows without a warning
        .setIfMissing("spark.sql.debug.maxToStringFields", "100")
        // the end of Spark waits for what it is clearing away, as it does but for shuffles
        .setIfMissing("spark.cleaner.referenceTracking.blocking.shuffle", "true")
        .setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "passive")
        .set(EXECUTOR_OPTIONS, executorOptions(given.get(EXECUTOR_OPTIONS, "")));
  }

  /**
   * Asks for containers of this size for the executors, and tells their JVMs what arrays may take.
   * Executors without a container find out by themselves what their machine has.
   */
  static SparkConf limit(SparkConf conf, ContainerMemory memory) {
    String given = conf.get(EXECUTOR_OPTIONS);
    String limits =
        memory.limits().properties().entrySet().stream()
            .filter(property -> !given.contains("-D" + property.getKey() + "="))
            .map(property -> " -D" + property.getKey() + "=" + property.getValue())
            .sorted()
            .collect(Collectors.joining());
    return conf.set(EXECUTOR_OPTIONS, given + limits)
        .setIfMissing(memory.overheadKey(), memory.overhead() + "m");
  }

  /**
   * Refuses tasks that could never run, which Spark itself reports with a stack trace.
   *
   * @throws UserException of usage if a task is to have more cores than an executor is known to
   *     have
   */
  static void requireCoresOfATask(SparkConf conf) {
    int wanted = conf.getInt(TASK_CPUS, 1);
    int cores = coresOfAnExecutor(conf);
    if (wanted > cores) {
      throw UserException.usage(
          "%s is %d, but an executor has %d cores: set it to %d or less"
              .formatted(TASK_CPUS, wanted, cores, cores));
    }
  }

  /** As many as can be if the cluster decides. */
  private static int coresOfAnExecutor(SparkConf conf) {
    Matcher local = LOCAL.matcher(conf.get("spark.master"));
    if (!local.matches()) {
      return conf.getInt("spark.executor.cores", Integer.MAX_VALUE);
    }
    String threads = local.group("threads");
    if (threads == null) {
      return 1;
    }
    return threads.equals("*")
        ? Runtime.getRuntime().availableProcessors()
        : Integer.parseInt(threads);
  }

  private static String executorOptions(String given) {
    List<String> options = new ArrayList<>();
    if (!given.isBlank()) {
      options.add(given.strip());
    }
    if (!given.contains(VECTOR_MODULE)) {
      options.add("--add-modules=" + VECTOR_MODULE);
    }
    if (!given.contains(REGION_SIZE)) {
      options.add(REGION_SIZE + "=16m"); // which a slice just fills, and is never moved
    }
    return String.join(" ", options);
  }
}
