package storyloom.pipeline.train.average;

import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;
import storyloom.pipeline.batch.PairShard;

/**
 * Which workers a task trains: of W workers, task k of T has those from ⌊kW / T⌋ to ⌊(k+1)W / T⌋ −
 * 1. Sizes differ by one at most; where both are powers of two, each range is one node of the
 * {@link MeanTree}.
 *
 * @param workers W
 * @param tasks T
 */
record WorkerRanges(int workers, int tasks) implements PartitionCoalescer, scala.Serializable {

  /** The first worker of a task. */
  int first(int task) {
    return (int) ((long) task * workers / tasks);
  }

  /** The worker behind those of a task, or {@link MeanTree#NONE}. */
  int behind(int task) {
    return task + 1 == tasks ? MeanTree.NONE : first(task + 1);
  }

  /** The worker before those of a task, or {@link MeanTree#NONE}. */
  int before(int task) {
    return first(task) - 1;
  }

  /**
   * A partition for each task, without moving anything. Spark runs it where the first of its shards
   * is cached.
   *
   * @param shards a partition for each worker
   */
  JavaRDD<PairShard> of(JavaRDD<PairShard> shards) {
    return shards.rdd().coalesce(tasks, false, Option.apply(this), null).toJavaRDD();
  }

  @Override
  public PartitionGroup[] coalesce(int count, RDD<?> shards) {
    PartitionGroup[] groups = new PartitionGroup[tasks];
    Partition[] partitions = shards.partitions();
    for (int task = 0; task < tasks; task++) {
      groups[task] = new PartitionGroup(Option.empty());
      for (int worker = first(task); worker < first(task + 1); worker++) {
        groups[task].partitions().$plus$eq(partitions[worker]);
      }
    }
    return groups;
  }
}
