package storyloom.jobs.cluster;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.GracefulShutdown;
import storyloom.jobs.cli.JobFailure;
import storyloom.model.nn.kernel.OffHeapLimits;

/** A job's connection to Spark, from start to end. */
public final class ClusterSession implements AutoCloseable {

  private static final double GIGABYTE = 1L << 30;

  private final SparkSession session;
  private final GracefulShutdown stop;
  private final int slots;

  private ClusterSession(SparkSession session, int slots) {
    this.session = session;
    this.stop = new GracefulShutdown(session.sparkContext());
    this.slots = slots;
  }

  /**
   * Connects, waits for executors, and says in one line on stderr what was chosen.
   *
   * @param name what the application is called in Spark's pages
   * @throws JobFailure if no executor comes
   */
  public static ClusterSession start(String name) {
    return start(name, new SparkConf());
  }

  /**
   * Connects with these settings of Spark, and those that they lack.
   *
   * @param name what the application is called in Spark's pages
   * @param given what the user set
   * @throws RuntimeException if no executor comes
   */
  public static ClusterSession start(String name, SparkConf given) {
    OffHeapLimits limits = OffHeapLimits.ofThisMachine();
    limits.apply();
    SparkConf conf = ClusterConf.complete(given, name, limits);
    SparkSession session = SparkSession.builder().config(conf).getOrCreate();
    try {
      int slots = awaitSlots(session.sparkContext());
      if (!conf.contains("spark.sql.shuffle.partitions")) {
        session.conf().set("spark.sql.shuffle.partitions", 2L * slots);
      }
      Console.remark(
          "Spark %s on %s: %d task slots; driver heap %.1f GB, arrays up to %.1f GB"
              .formatted(
                  session.version(),
                  session.sparkContext().master(),
                  slots,
                  Runtime.getRuntime().maxMemory() / GIGABYTE,
                  limits.arrays() / GIGABYTE));
      return new ClusterSession(session, slots);
    } catch (RuntimeException failure) {
      session.stop();
      throw failure;
    }
  }

  private static int awaitSlots(SparkContext context) {
    IntSupplier slots =
        () ->
            context.maxNumConcurrentTasks(
                context.resourceProfileManager().defaultResourceProfile());
    if (context.isLocal()) {
      return slots.getAsInt();
    }
    return new SlotCount(Duration.ofSeconds(60), Duration.ofSeconds(3)).settled(slots);
  }

  /** Spark's own session. */
  public SparkSession spark() {
    return session;
  }

  /** The session's context. */
  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** How file systems are reached, the user's {@code spark.hadoop.*} settings included. */
  public Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }

  /** Tasks that ran at a time when the session started. */
  public int slots() {
    return slots;
  }

  /** Where executors run that read and write files. */
  public SharedFiles sharedFiles() {
    SparkExecutorInfo[] executors = session.sparkContext().statusTracker().getExecutorInfos();
    return new SharedFiles(
        Arrays.stream(executors).map(SparkExecutorInfo::host).toList(), hadoop());
  }

  /** Ends Spark, on this side. */
  @Override
  public void close() {
    session.stop();
    stop.close();
  }
}
