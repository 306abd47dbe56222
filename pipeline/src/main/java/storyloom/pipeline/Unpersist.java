package storyloom.pipeline;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;

/**
 * Lets the executors forget what they keep, and waits until they have. Left to itself, Spark takes
 * blocks away in the background; if the session ends meanwhile, a thread pool that is closed
 * refuses the rest of that work, and a stack trace goes to stderr, past any logger.
 */
public final class Unpersist {

  private Unpersist() {}

  /** Lets go of a persistent table; nothing happens if it is none. */
  public static void of(Dataset<?> table) {
    table.unpersist(true);
  }

  /** Lets go of a persistent RDD; nothing happens if it is none. */
  public static void of(JavaRDD<?> rdd) {
    rdd.unpersist(true);
  }

  /** Destroys a broadcast: its value cannot be used any more. */
  public static void of(Broadcast<?> broadcast) {
    broadcast.destroy(true);
  }
}
