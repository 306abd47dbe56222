package storyloom.pipeline.batch;

import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Deals pairs out to workers in an order that depends on the pairs only: sorted by {@link PairKey},
 * then one to each worker in turn. Both sorts run on the executors, spilling to disk where memory
 * ends; the driver sees one count for each partition.
 */
final class WorkerAssignment {

  private WorkerAssignment() {}

  /** The pairs in as many partitions as there are workers, each in the order of the deal. */
  static JavaRDD<EncodedPair> deal(JavaRDD<EncodedPair> pairs, int workers) {
    int ranges = Math.max(1, pairs.getNumPartitions());
    return pairs
        .mapToPair(pair -> new Tuple2<>(PairKey.of(pair), pair))
        .repartitionAndSortWithinPartitions(new KeyRanges(ranges))
        .values()
        .zipWithIndex()
        .mapToPair(Tuple2::swap)
        .repartitionAndSortWithinPartitions(new Turns(workers))
        .values();
  }

  /** Equal ranges of all keys, so that the partitions, one after another, are in order. */
  private static final class KeyRanges extends Partitioner {
    private final int ranges;

    KeyRanges(int ranges) {
      this.ranges = ranges;
    }

    @Override
    public int numPartitions() {
      return ranges;
    }

    @Override
    public int getPartition(Object key) {
      return ((PairKey) key).range(ranges);
    }
  }

  /** Number i is worker i modulo workers' turn. */
  private static final class Turns extends Partitioner {
    private final int workers;

    Turns(int workers) {
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object key) {
      return (int) ((Long) key % workers);
    }
  }
}
