package storyloom.pipeline;

import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import storyloom.pipeline.fault.FaultPlugin;

/**
 * One Spark for all tests of a JVM; it ends with the JVM. Four tasks run at a time, and a task that
 * fails is tried again, as on a cluster.
 */
public final class LocalSpark {

  private static final class Holder {
    static final SparkSession SESSION =
        SparkSession.builder()
            .master("local[4,4]")
            .appName("storyloom tests")
            .config("spark.ui.enabled", false)
            .config("spark.plugins", FaultPlugin.class.getName())
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.default.parallelism", 2)
            .getOrCreate();
  }

  private LocalSpark() {}

  /** The session. */
  public static SparkSession session() {
    return Holder.SESSION;
  }

  /** The session's context. */
  public static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session().sparkContext());
  }

  /** Which RDDs are cached now: Spark ML leaves some behind, so compare with those of before. */
  public static Set<Integer> cached() {
    return Set.copyOf(context().getPersistentRDDs().keySet());
  }
}
