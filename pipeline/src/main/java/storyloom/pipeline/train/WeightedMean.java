package storyloom.pipeline.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Iterator;

/**
 * The mean of workers' slices, weighted by the tokens each trained on: summed in double, in the
 * order in which they come. A single worker's numbers come back as they are, bit for bit: a float
 * times a whole number of tokens is exact in double.
 */
final class WeightedMean {

  private WeightedMean() {}

  /**
   * @param shares at least one, of equal length, in worker order
   */
  static byte[] of(Iterator<Share> shares) {
    Share first = shares.next();
    double[] sums = new double[first.bytes().length / Float.BYTES];
    long tokens = 0;
    for (Share share = first; share != null; share = shares.hasNext() ? shares.next() : null) {
      FloatBuffer numbers = floats(share.bytes());
      double weight = share.tokens();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weight * numbers.get(i);
      }
      tokens += share.tokens();
    }
    byte[] mean = new byte[first.bytes().length];
    FloatBuffer numbers = floats(mean);
    for (int i = 0; i < sums.length; i++) {
      numbers.put(i, (float) (sums[i] / tokens));
    }
    return mean;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
