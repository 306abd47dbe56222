package storyloom.pipeline.fault;

import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What {@link FaultPlugin} does to tasks. Said in the Spark configuration for a whole application,
 * or {@link #during} a piece of work. Which tasks suffer depends on the seed and on their stage,
 * partition and attempt, never on chance.
 *
 * @param seed of all choices
 * @param longestDelay before a task's work; each task has its own. Unit: milliseconds
 * @param throwingShare of the tasks, those that fail once their first attempt has done its work
 */
public record Faults(long seed, int longestDelay, double throwingShare) {

  private static final String SEED = "spark.faults.seed";
  private static final String LONGEST_DELAY = "spark.faults.longest-delay";
  private static final String THROWING_SHARE = "spark.faults.throwing-share";

  /** Lets the jobs that {@code work} starts on this thread suffer. */
  public void during(JavaSparkContext context, Runnable work) {
    context.setLocalProperty(SEED, Long.toString(seed));
    context.setLocalProperty(LONGEST_DELAY, Integer.toString(longestDelay));
    context.setLocalProperty(THROWING_SHARE, Double.toString(throwingShare));
    try {
      work.run();
    } finally {
      context.setLocalProperty(SEED, null);
      context.setLocalProperty(LONGEST_DELAY, null);
      context.setLocalProperty(THROWING_SHARE, null);
    }
  }

  /** The faults that are meant for a task. */
  static Faults of(TaskContext task, SparkConf conf) {
    return new Faults(
        Long.parseLong(value(task, conf, SEED)),
        Integer.parseInt(value(task, conf, LONGEST_DELAY)),
        Double.parseDouble(value(task, conf, THROWING_SHARE)));
  }

  private static String value(TaskContext task, SparkConf conf, String key) {
    String local = task.getLocalProperty(key);
    return local == null ? conf.get(key, "0") : local;
  }

  /** How long a task waits, in milliseconds. */
  int delay(TaskContext task) {
    return longestDelay == 0
        ? 0
        : draws(task, task.stageAttemptNumber(), task.attemptNumber()).nextInt(longestDelay + 1);
  }

  /** Whether a task fails this time. */
  boolean fails(TaskContext task) {
    boolean first = task.stageAttemptNumber() == 0 && task.attemptNumber() == 0;
    return first && draws(task, -1, -1).nextDouble() < throwingShare;
  }

  private SplittableRandom draws(TaskContext task, int stageAttempt, int attempt) {
    return new SplittableRandom(
        Objects.hash(seed, task.stageId(), task.partitionId(), stageAttempt, attempt));
  }
}
