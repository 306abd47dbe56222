package storyloom.pipeline;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Adds up what tasks send to the driver, while open. */
public final class ResultSizes extends SparkListener implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 60_000;

  private final SparkSession session;
  private final AtomicLong bytes = new AtomicLong();

  private ResultSizes(SparkSession session) {
    this.session = session;
  }

  /** Watches from now on. */
  public static ResultSizes of(SparkSession session) {
    ResultSizes sizes = new ResultSizes(session);
    session.sparkContext().addSparkListener(sizes);
    return sizes;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    bytes.addAndGet(end.taskMetrics().resultSize());
  }

  /** The bytes of all tasks that have ended. */
  public long bytes() {
    try {
      session.sparkContext().listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
    } catch (TimeoutException e) {
      throw new AssertionError("Spark's events do not come to an end", e);
    }
    return bytes.get();
  }

  @Override
  public void close() {
    session.sparkContext().removeSparkListener(this);
  }
}
