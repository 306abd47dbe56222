package storyloom.pipeline.train.average;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import scala.Tuple2;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Makes one of the workers' states, across the executors: each slice of theirs is brought together
 * in one task by Spark's shuffle, becomes their mean there, and comes to the driver by itself.
 */
final class SliceReduction {

  /** Numbers summed at a time: their sums stay in the processor's nearest cache. */
  private static final int BLOCK = 1 << 11;

  private SliceReduction() {}

  /** What the driver does with a slice and its number. */
  interface Receiver {
    void accept(int slice, byte[] bytes);
  }

  /**
   * Runs the job.
   *
   * @param slices of all workers, numbers of the state and, behind its last slice, reports
   * @param count slices of the state
   * @param receiver gets each slice as it arrives; that of the reports as all of them, one after
   *     the other
   */
  static void run(
      JavaRDD<Tuple2<WorkerSlice.Key, WorkerSlice>> slices, int count, Receiver receiver) {
    JavaPairRDD<WorkerSlice.Key, WorkerSlice> sorted =
        JavaPairRDD.fromJavaRDD(slices)
            .repartitionAndSortWithinPartitions(new WorkerSlice.BySlice(count + 1));
    shuffle(sorted).setSerializer(new WorkerSlice.Serializer());
    RDD<byte[]> reduced =
        sorted
            .mapPartitionsWithIndex((slice, workers) -> reduce(slice == count, workers), true)
            .rdd();
    reduced
        .context()
        .runJob(
            reduced, new First(), new Handover(receiver), ClassTag$.MODULE$.apply(byte[].class));
    forget(sorted);
  }

  private static Iterator<byte[]> reduce(
      boolean isReports, Iterator<Tuple2<WorkerSlice.Key, WorkerSlice>> keyed) {
    // Spark's sort holds them all by now
    List<WorkerSlice> workers =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(keyed, Spliterator.ORDERED), false)
            .map(Tuple2::_2)
            .toList();
    return List.of(isReports ? joined(workers) : mean(workers)).iterator();
  }

  private static byte[] joined(List<WorkerSlice> reports) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    reports.forEach(report -> joined.writeBytes(report.bytes()));
    return joined.toByteArray();
  }

  /**
   * The mean of workers' slices, weighted by the tokens each trained on: summed in double, in the
   * order in which they come. A single worker's numbers come back as they are, bit for bit: a float
   * times a whole number of tokens is exact in double.
   *
   * @param slices at least one, of equal length, in worker order
   */
  static byte[] mean(List<WorkerSlice> slices) {
    List<FloatBuffer> numbers = slices.stream().map(slice -> floats(slice.bytes())).toList();
    double tokens = slices.stream().mapToLong(WorkerSlice::tokens).sum();
    byte[] mean = new byte[slices.get(0).bytes().length];
    FloatBuffer means = floats(mean);
    double[] sums = new double[BLOCK];
    float[] block = new float[BLOCK];
    for (int start = 0; start < means.limit(); start += BLOCK) {
      int count = Math.min(BLOCK, means.limit() - start);
      Arrays.fill(sums, 0);
      for (int worker = 0; worker < numbers.size(); worker++) {
        numbers.get(worker).get(start, block, 0, count);
        add(slices.get(worker).tokens(), block, sums);
      }
      for (int i = 0; i < count; i++) {
        block[i] = (float) (sums[i] / tokens);
      }
      means.put(start, block, 0, count);
    }
    return mean;
  }

  private static void add(double weight, float[] block, double[] sums) {
    for (int i = 0; i < BLOCK; i++) {
      sums[i] += weight * block[i];
    }
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @SuppressWarnings("unchecked") // what repartitionAndSortWithinPartitions makes
  private static ShuffledRDD<WorkerSlice.Key, WorkerSlice, WorkerSlice> shuffle(
      JavaPairRDD<WorkerSlice.Key, WorkerSlice> sorted) {
    return (ShuffledRDD<WorkerSlice.Key, WorkerSlice, WorkerSlice>) (RDD<?>) sorted.rdd();
  }

  /** Deletes the shuffle's files now rather than when the driver's garbage is collected. */
  private static void forget(JavaPairRDD<WorkerSlice.Key, WorkerSlice> sorted) {
    int shuffle = ((ShuffleDependency<?, ?, ?>) sorted.rdd().dependencies().head()).shuffleId();
    sorted.context().cleaner().get().doCleanupShuffle(shuffle, false);
  }

  private static final class First
      extends AbstractFunction1<scala.collection.Iterator<byte[]>, byte[]> implements Serializable {
    @Override
    public byte[] apply(scala.collection.Iterator<byte[]> partition) {
      return partition.next();
    }
  }

  private static final class Handover extends AbstractFunction2<Object, byte[], BoxedUnit> {
    private final Receiver receiver;

    Handover(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public BoxedUnit apply(Object slice, byte[] bytes) {
      receiver.accept((Integer) slice, bytes);
      return BoxedUnit.UNIT;
    }
  }
}
