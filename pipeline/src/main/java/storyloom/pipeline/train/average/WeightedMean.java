package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The mean of workers' slices, weighted by the tokens each trained on: summed in double, in the
 * order in which they come. A single worker's numbers come back as they are, bit for bit: a float
 * times a whole number of tokens is exact in double.
 */
public final class WeightedMean {

  /** Numbers summed at a time: their sums stay in the processor's nearest cache. */
  private static final int BLOCK = 1 << 11;

  private WeightedMean() {}

  /**
   * @param shares at least one, of equal length, in worker order
   */
  public static byte[] of(List<WorkerSlice> shares) {
    List<FloatBuffer> parts = shares.stream().map(share -> floats(share.bytes())).toList();
    double tokens = shares.stream().mapToLong(WorkerSlice::tokens).sum();
    byte[] mean = new byte[shares.get(0).bytes().length];
    FloatBuffer means = floats(mean);
    double[] sums = new double[BLOCK];
    float[] block = new float[BLOCK];
    for (int start = 0; start < means.limit(); start += BLOCK) {
      int count = Math.min(BLOCK, means.limit() - start);
      Arrays.fill(sums, 0);
      for (int worker = 0; worker < parts.size(); worker++) {
        parts.get(worker).get(start, block, 0, count);
        add(shares.get(worker).tokens(), block, sums);
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
}
