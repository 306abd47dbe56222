package storyloom.pipeline.train.plan;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A request, from any thread, that a training stop as soon as it can without losing what it has
 * learned. A round that still computes is given up; one whose means arrive already is finished.
 */
public final class StopRequest {

  /** Thrown when a training stops; the averaged weights are those of the last whole round. */
  public static final class Stopped extends RuntimeException {
    /**
     * @param cause what Spark made of the cancelled jobs; null if none had begun
     */
    public Stopped(Throwable cause) {
      super("asked to stop", cause);
    }
  }

  private static final String GROUP = "storyloom-training";
  private static final Runnable NOTHING = () -> {};

  private boolean requested;
  private boolean abandoned;
  private Runnable abandon = NOTHING;

  /** Asks to stop; again has no effect. */
  public synchronized void request() {
    if (!requested) {
      requested = true;
      abandoned = abandon != NOTHING;
      abandon.run();
    }
  }

  /** Whether somebody has asked. */
  public synchronized boolean isRequested() {
    return requested;
  }

  /**
   * Runs Spark jobs that are cancelled if somebody asks to stop before {@link #commit}.
   *
   * @param description what Spark's pages call the jobs
   * @throws Stopped if somebody has asked already, or asks in the meantime
   */
  public <T> T run(JavaSparkContext context, String description, Supplier<T> jobs) {
    context.setJobGroup(GROUP, description);
    try {
      begin(() -> context.sc().cancelJobGroup(GROUP));
      return jobs.get();
    } catch (Exception failure) { // Spark throws checked ones, undeclared
      if (isAbandoned()) {
        throw new Stopped(failure);
      }
      throw failure;
    } finally {
      commit();
      context.clearJobGroup();
    }
  }

  private synchronized void begin(Runnable abandon) {
    if (requested) {
      throw new Stopped(null);
    }
    this.abandon = abandon;
  }

  /**
   * From here on the jobs are left to end, whoever asks.
   *
   * @return whether they may: false if somebody asked before
   */
  public synchronized boolean commit() {
    abandon = NOTHING;
    return !abandoned;
  }

  private synchronized boolean isAbandoned() {
    return abandoned;
  }
}
