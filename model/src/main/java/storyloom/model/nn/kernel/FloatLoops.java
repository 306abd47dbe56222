package storyloom.model.nn.kernel;

/**
 * Exponential functions of many floats on the Java heap, for JVMs without jdk.incubator.vector: in
 * loops so plain that the compiler makes vectors of them by itself, but for the one that looks up
 * powers of two.
 *
 * <p>exp x = 2ⁿ·eʳ with n = x / ln 2, rounded, r = x − n·ln 2 and eʳ ≈ 1 + r + r²·(P5 + P4·r + … +
 * P0·r⁵): relative error below 2e-7 (the Cephes library's expf, Moshier 1989). {@link VectorMath}
 * uses the same numbers.
 */
public final class FloatLoops {

  /** Adding 1.5·2²³ rounds to a whole number, which then stands in the low bits. */
  static final float ROUND = 12582912f;

  static final float LOG2_E = 1.44269504088896341f;

  /** ln 2 in two parts, the first of few bits, so that n times it is exact. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  static final float P0 = 1.9875691500e-4f;
  static final float P1 = 1.3981999507e-3f;
  static final float P2 = 8.3334519073e-3f;
  static final float P3 = 4.1665795894e-2f;
  static final float P4 = 1.6666665459e-1f;
  static final float P5 = 5.0000001201e-1f;

  private static final int LOWEST = -127;
  private static final int HIGHEST = 127;

  /** 2^n from n = LOWEST, which counts as 0, to n = HIGHEST. */
  private static final float[] POWERS = powers();

  private FloatLoops() {}

  private static float[] powers() {
    float[] powers = new float[HIGHEST - LOWEST + 1];
    for (int n = LOWEST + 1; n <= HIGHEST; n++) {
      powers[n - LOWEST] = (float) Math.scalb(1.0, n);
    }
    return powers;
  }

  /**
   * x = exp(x).
   *
   * @param scratch at least as long as {@code x}
   */
  public static void exp(float[] x, int length, float[] scratch) {
    for (int i = 0; i < length; i++) {
      float n = x[i] * LOG2_E + ROUND - ROUND;
      float r = x[i] - n * LN2_HIGH - n * LN2_LOW;
      float p = P0 * r + P1;
      p = p * r + P2;
      p = p * r + P3;
      p = p * r + P4;
      p = p * r + P5;
      x[i] = p * r * r + r + 1f;
      scratch[i] = n;
    }
    for (int i = 0; i < length; i++) {
      int n = Math.min(HIGHEST, Math.max(LOWEST, (int) scratch[i]));
      x[i] *= POWERS[n - LOWEST];
    }
  }

  /**
   * Softmax of the first numbers.
   *
   * @param length at least 1
   * @param scratch at least as long
   */
  public static void softmax(float[] x, int length, float[] scratch) {
    subtract(x, largest(x, length), length);
    exp(x, length, scratch);
    float factor = (float) (1 / sum(x, length));
    for (int i = 0; i < length; i++) {
      x[i] *= factor;
    }
  }

  /** x = 1 / (1 + exp(−x)). */
  public static void sigmoid(float[] x, int length, float[] scratch) {
    for (int i = 0; i < length; i++) {
      x[i] = -x[i];
    }
    exp(x, length, scratch);
    for (int i = 0; i < length; i++) {
      x[i] = 1f / (1f + x[i]);
    }
  }

  /** x = tanh(x) = 2·sigmoid(2x) − 1. */
  static void tanh(float[] x, int length, float[] scratch) {
    for (int i = 0; i < length; i++) {
      x[i] = x[i] + x[i];
    }
    sigmoid(x, length, scratch);
    for (int i = 0; i < length; i++) {
      x[i] = 2f * x[i] - 1f;
    }
  }

  /** x += addend. */
  static void add(float[] x, float[] addend, int length) {
    for (int i = 0; i < length; i++) {
      x[i] += addend[i];
    }
  }

  /** The largest x. */
  public static float largest(float[] x, int length) {
    float a = Float.NEGATIVE_INFINITY;
    float b = a;
    int i = 0;
    for (; i + 1 < length; i += 2) {
      a = x[i] > a ? x[i] : a;
      b = x[i + 1] > b ? x[i + 1] : b;
    }
    return Math.max(i < length ? Math.max(x[i], a) : a, b);
  }

  /** x −= number. */
  public static void subtract(float[] x, float number, int length) {
    for (int i = 0; i < length; i++) {
      x[i] -= number;
    }
  }

  /** x = x·factor − number. */
  static void scaleAndSubtract(float[] x, float factor, float number, int length) {
    for (int i = 0; i < length; i++) {
      x[i] = x[i] * factor - number;
    }
  }

  /** out = x·y. */
  static void product(float[] x, float[] y, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] = x[i] * y[i];
    }
  }

  /** c = f·cBefore + i·g. */
  static void cell(float[] i, float[] f, float[] g, float[] before, float[] c, int length) {
    for (int j = 0; j < length; j++) {
      c[j] = f[j] * before[j] + i[j] * g[j];
    }
  }

  /** The reverse of h = o·tanh(c): o becomes the gradient by its z, byC grows. */
  static void outputBackward(float[] o, float[] tanh, float[] byH, float[] byC, int length) {
    for (int j = 0; j < length; j++) {
      float byTanh = byH[j] * o[j];
      o[j] = byTanh * tanh[j] * (1f - o[j]);
      byC[j] += byTanh * (1f - tanh[j] * tanh[j]);
    }
  }

  /** The reverse of {@link #cell}: gates become gradients by their z, byC that by cBefore. */
  static void cellBackward(
      float[] i, float[] f, float[] g, float[] before, float[] byC, int length) {
    for (int j = 0; j < length; j++) {
      float byCell = byC[j] * f[j];
      float byI = byC[j] * g[j] * i[j] * (1f - i[j]);
      g[j] = byC[j] * i[j] * (1f - g[j] * g[j]);
      i[j] = byI;
      f[j] = byCell * before[j] * (1f - f[j]);
      byC[j] = byCell;
    }
  }

  /** Σ x, in double, by four sums so that each need not wait for the one before. */
  public static double sum(float[] x, int length) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < length; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }
}
