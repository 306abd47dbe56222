package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Stretches of a flat off-heap float array as plain bytes, in the machine's own order, by one bulk
 * copy each: what travels between driver and workers.
 */
public final class FlatFloats {

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
