package storyloom.pipeline;

import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What Spark's pages show for the jobs and queries that this thread starts until it is closed; then
 * what was there before it.
 *
 * <pre>{@code
 * try (JobDescription shown = JobDescription.of(context, "count the pairs")) {
 *   return pairs.count();
 * }
 * }</pre>
 */
public final class JobDescription implements AutoCloseable {

  private static final String PROPERTY = "spark.job.description";

  private final SparkContext context;
  private final String former;

  private JobDescription(SparkContext context, String former) {
    this.context = context;
    this.former = former;
  }

  /**
   * Describes what comes.
   *
   * @param context whose jobs they are
   * @param description a few words that a person understands
   */
  public static JobDescription of(SparkContext context, String description) {
    JobDescription shown = new JobDescription(context, context.getLocalProperty(PROPERTY));
    context.setJobDescription(description);
    return shown;
  }

  /** As {@link #of(SparkContext, String)}. */
  public static JobDescription of(JavaSparkContext context, String description) {
    return of(context.sc(), description);
  }

  /** Shows again what was shown before. */
  @Override
  public void close() {
    context.setJobDescription(former);
  }
}
