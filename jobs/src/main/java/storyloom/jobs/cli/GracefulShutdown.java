package storyloom.jobs.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkContext;

/**
 * Lets a command that is told to stop, by Ctrl-C or by the system, end as it does after a failure:
 * Spark's jobs are cancelled, the command clears away what it has not finished, and only then do
 * Spark and the file systems shut down.
 */
public final class GracefulShutdown implements AutoCloseable {

  /** Before Spark's own hook, which is 40, and that of Hadoop's file systems, which is 10. */
  private static final int PRIORITY = 100;

  private static final int PATIENCE_SECONDS = 15;
  private static final int PAUSE_MILLIS = 200;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook;

  /**
   * @param context whose jobs are to be cancelled
   */
  public GracefulShutdown(SparkContext context) {
    this.hook = () -> stop(context);
    ShutdownHookManager.get().addShutdownHook(hook, PRIORITY);
  }

  private void stop(SparkContext context) {
    Console.remark("stopping …");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      do {
        if (!context.isStopped()) {
          context.cancelAllJobs(); // again and again: the command may be in between two jobs
        }
      } while (!ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() < end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether this process has been told to stop. */
  public static boolean isUnderWay() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  /** To be called when all is cleared away. */
  @Override
  public void close() {
    ended.countDown();
    if (!isUnderWay()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
