package storyloom.pipeline.train.average;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Runs a job whose partitions hold one byte array each, and hands each over as it arrives. */
final class ArrivingSlices {

  private ArrivingSlices() {}

  /** What is done with a slice and its number. */
  interface Receiver {
    void accept(int slice, byte[] bytes);
  }

  static void collect(SparkContext context, RDD<byte[]> slices, Receiver receiver) {
    context.runJob(
        slices, new First(), new Handover(receiver), ClassTag$.MODULE$.apply(byte[].class));
  }

  private static final class First extends AbstractFunction1<Iterator<byte[]>, byte[]>
      implements Serializable {
    @Override
    public byte[] apply(Iterator<byte[]> partition) {
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
