package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.PackedProduct.WIDTH;
import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops of {@link PackedProduct}: a few rows times one panel. Their sums stay in
 * registers all along K, which is why the loops are written out and call nothing but the vectors'
 * own methods: with an array of vectors, or with objects that hold two each, every sum is an object
 * on the heap, and the loop ran at a twentieth of its speed. Eight rows at a time are 1.4 times as
 * fast as four where there are registers for them.
 */
final class GemmMicrokernel {

  /** Processors with vectors of 16 floats have 32 registers, the others 16. */
  private static final int LANES_FOR_8_ROWS = 16;

  /** Rows that {@link #whole} takes at most; it also takes {@link #SOME}, or one. */
  static final int LARGEST = LANES >= LANES_FOR_8_ROWS ? 8 : 4;

  /** Rows that are taken together where there are not {@link #LARGEST} any more. */
  static final int SOME = 4;

  /** Rows that a loop takes at a time, as long as there are as many. */
  static final int[] HEIGHTS = {LARGEST, SOME, 1};

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int BYTES = LANES * Float.BYTES;
  private static final int PANEL_BYTES = WIDTH * Float.BYTES;

  private GemmMicrokernel() {}

  /**
   * Rows times all columns of a panel.
   *
   * @param a of each row the first number, then of each the second, and so on
   * @param height rows: {@link #LARGEST}, {@link #SOME}, or 1
   * @param b the panel, from number {@code at} on
   * @param c the products, from number {@code to} on
   */
  static void whole(
      float[] a, int height, int inner, ByteBuffer b, int at, ByteBuffer c, int to, int stride) {
    int step = stride * Float.BYTES;
    for (int column = 0; column < WIDTH; column += 2 * LANES) {
      int from = (at + column) * Float.BYTES;
      int into = (to + column) * Float.BYTES;
      switch (height) {
        case 8 -> rows8(a, inner, b, from, c, into, step);
        case 4 -> rows4(a, inner, b, from, c, into, step);
        default -> row(a, inner, b, from, c, into);
      }
    }
  }

  private static void rows8(
      float[] a, int inner, ByteBuffer b, int at, ByteBuffer c, int to, int stride) {
    FloatVector x0 = FloatVector.zero(SPECIES);
    FloatVector y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES);
    FloatVector y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES);
    FloatVector y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES);
    FloatVector y3 = FloatVector.zero(SPECIES);
    FloatVector x4 = FloatVector.zero(SPECIES);
    FloatVector y4 = FloatVector.zero(SPECIES);
    FloatVector x5 = FloatVector.zero(SPECIES);
    FloatVector y5 = FloatVector.zero(SPECIES);
    FloatVector x6 = FloatVector.zero(SPECIES);
    FloatVector y6 = FloatVector.zero(SPECIES);
    FloatVector x7 = FloatVector.zero(SPECIES);
    FloatVector y7 = FloatVector.zero(SPECIES);
    for (int k = 0, r = 0, p = at; k < inner; k++, r += 8, p += PANEL_BYTES) {
      FloatVector bx = FloatVector.fromByteBuffer(SPECIES, b, p, ORDER);
      FloatVector by = FloatVector.fromByteBuffer(SPECIES, b, p + BYTES, ORDER);
      FloatVector each = FloatVector.broadcast(SPECIES, a[r]);
      x0 = each.fma(bx, x0);
      y0 = each.fma(by, y0);
      each = FloatVector.broadcast(SPECIES, a[r + 1]);
      x1 = each.fma(bx, x1);
      y1 = each.fma(by, y1);
      each = FloatVector.broadcast(SPECIES, a[r + 2]);
      x2 = each.fma(bx, x2);
      y2 = each.fma(by, y2);
      each = FloatVector.broadcast(SPECIES, a[r + 3]);
      x3 = each.fma(bx, x3);
      y3 = each.fma(by, y3);
      each = FloatVector.broadcast(SPECIES, a[r + 4]);
      x4 = each.fma(bx, x4);
      y4 = each.fma(by, y4);
      each = FloatVector.broadcast(SPECIES, a[r + 5]);
      x5 = each.fma(bx, x5);
      y5 = each.fma(by, y5);
      each = FloatVector.broadcast(SPECIES, a[r + 6]);
      x6 = each.fma(bx, x6);
      y6 = each.fma(by, y6);
      each = FloatVector.broadcast(SPECIES, a[r + 7]);
      x7 = each.fma(bx, x7);
      y7 = each.fma(by, y7);
    }
    int p = to;
    x0.intoByteBuffer(c, p, ORDER);
    y0.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x1.intoByteBuffer(c, p, ORDER);
    y1.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x2.intoByteBuffer(c, p, ORDER);
    y2.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x3.intoByteBuffer(c, p, ORDER);
    y3.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x4.intoByteBuffer(c, p, ORDER);
    y4.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x5.intoByteBuffer(c, p, ORDER);
    y5.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x6.intoByteBuffer(c, p, ORDER);
    y6.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x7.intoByteBuffer(c, p, ORDER);
    y7.intoByteBuffer(c, p + BYTES, ORDER);
  }

  private static void rows4(
      float[] a, int inner, ByteBuffer b, int at, ByteBuffer c, int to, int stride) {
    FloatVector x0 = FloatVector.zero(SPECIES);
    FloatVector y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES);
    FloatVector y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES);
    FloatVector y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES);
    FloatVector y3 = FloatVector.zero(SPECIES);
    for (int k = 0, r = 0, p = at; k < inner; k++, r += 4, p += PANEL_BYTES) {
      FloatVector bx = FloatVector.fromByteBuffer(SPECIES, b, p, ORDER);
      FloatVector by = FloatVector.fromByteBuffer(SPECIES, b, p + BYTES, ORDER);
      FloatVector each = FloatVector.broadcast(SPECIES, a[r]);
      x0 = each.fma(bx, x0);
      y0 = each.fma(by, y0);
      each = FloatVector.broadcast(SPECIES, a[r + 1]);
      x1 = each.fma(bx, x1);
      y1 = each.fma(by, y1);
      each = FloatVector.broadcast(SPECIES, a[r + 2]);
      x2 = each.fma(bx, x2);
      y2 = each.fma(by, y2);
      each = FloatVector.broadcast(SPECIES, a[r + 3]);
      x3 = each.fma(bx, x3);
      y3 = each.fma(by, y3);
    }
    int p = to;
    x0.intoByteBuffer(c, p, ORDER);
    y0.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x1.intoByteBuffer(c, p, ORDER);
    y1.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x2.intoByteBuffer(c, p, ORDER);
    y2.intoByteBuffer(c, p + BYTES, ORDER);
    p += stride;
    x3.intoByteBuffer(c, p, ORDER);
    y3.intoByteBuffer(c, p + BYTES, ORDER);
  }

  private static void row(float[] a, int inner, ByteBuffer b, int at, ByteBuffer c, int to) {
    FloatVector x0 = FloatVector.zero(SPECIES);
    FloatVector y0 = FloatVector.zero(SPECIES);
    for (int k = 0, p = at; k < inner; k++, p += PANEL_BYTES) {
      FloatVector bx = FloatVector.fromByteBuffer(SPECIES, b, p, ORDER);
      FloatVector by = FloatVector.fromByteBuffer(SPECIES, b, p + BYTES, ORDER);
      FloatVector each = FloatVector.broadcast(SPECIES, a[k]);
      x0 = each.fma(bx, x0);
      y0 = each.fma(by, y0);
    }
    x0.intoByteBuffer(c, to, ORDER);
    y0.intoByteBuffer(c, to + BYTES, ORDER);
  }

  /** Rows times the first columns of a panel that is wider than the matrix: the same sums. */
  static void part(
      float[] a,
      int height,
      int inner,
      FloatBuffer b,
      int at,
      int width,
      FloatBuffer c,
      int to,
      int stride) {
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        float sum = 0;
        for (int k = 0; k < inner; k++) {
          sum = Math.fma(a[k * height + row], b.get(at + k * WIDTH + column), sum);
        }
        c.put(to + row * stride + column, sum);
      }
    }
  }
}
