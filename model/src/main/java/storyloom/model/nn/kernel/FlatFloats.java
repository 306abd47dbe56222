package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Stretches of a flat off-heap float array as plain bytes, in the machine's own order, by one bulk
 * copy each: what travels between driver and workers. And means of such bytes, and steps by them.
 */
public final class FlatFloats {

  /** Numbers taken at a time: they stay in the processor's nearest cache. */
  private static final int BLOCK = 1 << 11;

  private FlatFloats() {}

  /**
   * @param flat float, without gaps, of any length
   * @param start the first number
   * @param length how many numbers
   */
  public static byte[] read(INDArray flat, long start, int length) {
    byte[] bytes = new byte[Math.multiplyExact(length, Float.BYTES)];
    window(flat, start, length).get(bytes);
    return bytes;
  }

  /**
   * The reverse of {@link #read}.
   *
   * @param bytes four for each number
   */
  public static void write(byte[] bytes, INDArray flat, long start) {
    window(flat, start, bytes.length / Float.BYTES).put(bytes);
  }

  /**
   * A stretch itself: to read and write the buffer is to read and write the array, which must not
   * be closed meanwhile.
   *
   * @param start the first number
   * @param length how many numbers
   */
  public static ByteBuffer view(INDArray flat, long start, int length) {
    return window(flat, start, length).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /**
   * leftWeight / (leftWeight + rightWeight) · left + rightWeight / (leftWeight + rightWeight) ·
   * right, number by number, in double and rounded to float.
   *
   * @param mean takes it; may be one of the two
   */
  public static void mean(
      ByteBuffer left, double leftWeight, ByteBuffer right, double rightWeight, ByteBuffer mean) {
    inBlocks(
        List.of(left, right),
        List.of(mean),
        blocks -> mean(blocks[0], leftWeight, blocks[1], rightWeight));
  }

  /**
   * Puts the mean into {@code left}. A plain loop, as it takes a nanosecond a number, less than
   * their journey does.
   */
  static void mean(float[] left, double leftWeight, float[] right, double rightWeight) {
    double weight = leftWeight + rightWeight;
    double leftShare = leftWeight / weight;
    double rightShare = rightWeight / weight;
    for (int i = 0; i < left.length; i++) {
      left[i] = (float) (leftShare * left[i] + rightShare * right[i]);
    }
  }

  /**
   * Takes a step, in double and rounded to float.
   *
   * @param state changed
   * @param velocity changed
   */
  public static void step(
      ByteBuffer state, ByteBuffer velocity, ByteBuffer mean, VelocityStep step) {
    inBlocks(
        List.of(state, velocity, mean),
        List.of(state, velocity),
        blocks -> step(blocks[0], blocks[1], blocks[2], step));
  }

  /**
   * Takes numbers through arrays on the heap, a block of each buffer at a time.
   *
   * @param from a buffer for each array, all of one length
   * @param to takes the first arrays, one each, when {@code work} has been done
   */
  private static void inBlocks(
      List<ByteBuffer> from, List<ByteBuffer> to, Consumer<float[][]> work) {
    List<FloatBuffer> sources = from.stream().map(FlatFloats::floats).toList();
    List<FloatBuffer> targets = to.stream().map(FlatFloats::floats).toList();
    float[][] blocks = new float[sources.size()][BLOCK];
    int length = sources.get(0).limit();
    for (int start = 0; start < length; start += BLOCK) {
      int count = Math.min(BLOCK, length - start);
      for (int i = 0; i < blocks.length; i++) {
        sources.get(i).get(start, blocks[i], 0, count);
      }
      work.accept(blocks);
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).put(start, blocks[i], 0, count);
      }
    }
  }

  static void step(float[] state, float[] velocity, float[] mean, VelocityStep step) {
    for (int i = 0; i < state.length; i++) {
      double delta = (double) mean[i] - state[i];
      double speed = step.keep() * velocity[i] + step.share() * delta;
      velocity[i] = (float) speed;
      state[i] = (float) (state[i] + step.rate() * (step.direct() * delta + step.ahead() * speed));
    }
  }

  private static FloatBuffer floats(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private static BytePointer window(INDArray flat, long start, int length) {
    if (flat.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException("only float arrays travel, not " + flat.dataType());
    }
    if (start < 0 || start + length > flat.length()) {
      throw new IndexOutOfBoundsException(
          "numbers " + start + " to " + (start + length) + " of " + flat.length());
    }
    long end = (start + length) * Float.BYTES;
    BytePointer all = new BytePointer(flat.data().addressPointer());
    return all.position(start * Float.BYTES).limit(end);
  }
}
