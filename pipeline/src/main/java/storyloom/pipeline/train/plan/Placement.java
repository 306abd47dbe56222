package storyloom.pipeline.train.plan;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How the workers of a training are spread over the cluster as it is now. It decides how long a
 * round takes and nothing else: weights have the same bits whatever stands here.
 *
 * @param workers of the training
 * @param slots tasks that run at a time
 * @param executors that give these slots
 * @param taskCpus cores of a slot
 * @param elastic whether Spark adds executors where tasks wait
 */
public record Placement(int workers, int slots, int executors, int taskCpus, boolean elastic) {

  /** Of so many workers on the executors that there are at this moment. */
  public static Placement of(JavaSparkContext context, int workers) {
    SparkContext spark = context.sc();
    SparkConf conf = spark.getConf();
    int managers = spark.getExecutorMemoryStatus().size(); // the driver's is one of them
    return new Placement(
        workers,
        Math.max(
            1,
            spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile())),
        Math.max(1, spark.isLocal() ? managers : managers - 1),
        conf.getInt("spark.task.cpus", 1),
        conf.getBoolean("spark.dynamicAllocation.enabled", false));
  }

  /**
   * Tasks of a round, each of which trains its workers one after another. Where executors can be
   * added, each worker is one, for Spark adds them while tasks wait.
   */
  public int tasks() {
    return elastic ? workers : Math.min(workers, slots);
  }

  /** Threads that a worker computes with: what its executor has for each task of the round. */
  public int threads() {
    int slotsOfExecutor = slots / executors;
    int tasksOfExecutor = (tasks() + executors - 1) / executors;
    return taskCpus * Math.max(1, slotsOfExecutor / tasksOfExecutor);
  }

  /** Cores that compute nothing while all tasks of a round run. */
  public int idleCores() {
    return Math.max(0, slots * taskCpus - tasks() * threads());
  }
}
