package storyloom.pipeline.batch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;
import storyloom.model.files.Sha256;

/**
 * Assigns pairs to workers in an order that depends on the pairs only: sorted by a hash of their
 * ids, then one to each worker in turn. Both sorts run on the executors, spilling to disk where
 * memory ends; the driver sees one count for each partition.
 */
final class WorkerAssignment {

  private WorkerAssignment() {}

  /**
   * The place of a pair in an order that has nothing to do with how pairs came: the first 16 bytes
   * of the SHA-256 of its ids, as an unsigned number. Only equal pairs share a place.
   */
  private record Key(long high, long low) implements Comparable<Key>, Serializable {

    static Key of(EncodedPair pair) {
      ByteBuffer ids =
          ByteBuffer.allocate(Integer.BYTES * (1 + pair.prompt().length + pair.story().length));
      ids.putInt(pair.prompt().length);
      ids.asIntBuffer().put(pair.prompt()).put(pair.story());
      ByteBuffer digest = ByteBuffer.wrap(Sha256.digest().digest(ids.array()));
      return new Key(digest.getLong(), digest.getLong());
    }

    /** Which of {@code ranges} equal ranges of all keys this one falls in. */
    int range(int ranges) {
      return (int) (((high >>> 33) * ranges) >>> 31);
    }

    @Override
    public int compareTo(Key other) {
      int order = Long.compareUnsigned(high, other.high);
      return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }
  }

  /** The pairs in as many partitions as there are workers, each sorted by that hash. */
  static JavaRDD<EncodedPair> assign(JavaRDD<EncodedPair> pairs, int workers) {
    int ranges = Math.max(1, pairs.getNumPartitions());
    return pairs
        .mapToPair(pair -> new Tuple2<>(Key.of(pair), pair))
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
      return ((Key) key).range(ranges);
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
