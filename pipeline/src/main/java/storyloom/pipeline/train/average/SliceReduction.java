package storyloom.pipeline.train.average;

import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * Reduces the shares of one slice, in worker order; the last slice's are reports, kept as a list.
 */
final class SliceReduction
    implements Function2<Integer, Iterator<Tuple2<SliceKey, WorkerSlice>>, Iterator<byte[]>> {

  private final int reports;

  /**
   * @param reports number of the slice that holds the workers' reports
   */
  SliceReduction(int reports) {
    this.reports = reports;
  }

  @Override
  public Iterator<byte[]> call(Integer slice, Iterator<Tuple2<SliceKey, WorkerSlice>> keyed) {
    // Spark's sort holds them all by now
    List<WorkerSlice> shares =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(keyed, Spliterator.ORDERED), false)
            .map(Tuple2::_2)
            .toList();
    byte[] reduced = slice == reports ? joined(shares) : WeightedMean.of(shares);
    return List.of(reduced).iterator();
  }

  private static byte[] joined(List<WorkerSlice> shares) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    shares.forEach(share -> joined.writeBytes(share.bytes()));
    return joined.toByteArray();
  }
}
