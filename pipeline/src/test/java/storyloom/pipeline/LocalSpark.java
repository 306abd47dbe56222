package storyloom.pipeline;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** One Spark with two task slots for all tests of a JVM; it ends with the JVM. */
public final class LocalSpark {

  private static final class Holder {
    static final SparkSession SESSION =
        SparkSession.builder()
            .master("local[2]")
            .appName("storyloom tests")
            .config("spark.ui.enabled", false)
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
}
