package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Which worker's share of which slice; sorted by worker within a slice, so that sums are always
 * taken in the same order.
 *
 * @param slice counted from 0
 * @param worker counted from 0
 */
record SliceKey(int slice, int worker) implements Serializable, Comparable<SliceKey> {

  private static final Comparator<SliceKey> ORDER =
      Comparator.comparingInt(SliceKey::slice).thenComparingInt(SliceKey::worker);

  @Override
  public int compareTo(SliceKey other) {
    return ORDER.compare(this, other);
  }

  /** A partition for each slice. */
  static final class BySlice extends Partitioner {
    private final int slices;

    BySlice(int slices) {
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices;
    }

    @Override
    public int getPartition(Object key) {
      return ((SliceKey) key).slice();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice that && slices == that.slices;
    }

    @Override
    public int hashCode() {
      return slices;
    }
  }
}
