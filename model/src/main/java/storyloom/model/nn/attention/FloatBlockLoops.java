package storyloom.model.nn.attention;

import java.util.Arrays;
import storyloom.model.nn.kernel.FloatLoops;
import storyloom.model.nn.kernel.Matrix;

/**
 * {@link BlockLoops} in float: row by row on the Java heap, in loops so plain that the compiler
 * makes vectors of them by itself.
 */
class FloatBlockLoops implements BlockLoops {

  static final float STEEPNESS = (float) (2 * Math.sqrt(2 / Math.PI));
  static final float CUBE = 0.044715f;

  private static float[] row(Matrix matrix, int row) {
    float[] numbers = new float[matrix.columns()];
    matrix.copyRow(row, numbers);
    return numbers;
  }

  /** Σ x·y, by four sums so that each need not wait for the one before. */
  private static float product(float[] x, float[] y, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    for (; i < length; i++) {
      a += x[i] * y[i];
    }
    return a + b + (c + d);
  }

  /** Sets the mean of x to 0 and its variance to 1; gives what it was divided by, inverted. */
  private static float normalise(float[] x) {
    FloatLoops.subtract(x, (float) (FloatLoops.sum(x, x.length) / x.length), x.length);
    float scale = (float) (1 / Math.sqrt(product(x, x, x.length) / x.length + EPSILON));
    for (int i = 0; i < x.length; i++) {
      x[i] *= scale;
    }
    return scale;
  }

  @Override
  public void norm(Matrix x, Matrix gain, Matrix bias, Matrix y) {
    float[] gains = row(gain, 0);
    float[] biases = row(bias, 0);
    float[] numbers = new float[x.columns()];
    for (int r = 0; r < x.rows(); r++) {
      x.copyRow(r, numbers);
      normalise(numbers);
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = numbers[i] * gains[i] + biases[i];
      }
      y.writeRow(r, numbers);
    }
  }

  @Override
  public void normBackward(
      Matrix x, Matrix gain, Matrix dy, Matrix dGain, Matrix dBias, Matrix dx) {
    float[] gains = row(gain, 0);
    float[] gainSums = row(dGain, 0);
    float[] biasSums = row(dBias, 0);
    float[] normal = new float[gains.length];
    float[] slope = new float[gains.length];
    float[] sum = new float[gains.length];
    for (int r = 0; r < x.rows(); r++) {
      x.copyRow(r, normal);
      float scale = normalise(normal);
      dy.copyRow(r, slope);
      addGradients(slope, normal, gainSums, biasSums);
      scale(slope, gains);
      float mean = (float) (FloatLoops.sum(slope, slope.length) / slope.length);
      float inner = product(slope, normal, slope.length) / slope.length;
      dx.copyRow(r, sum);
      addSlopes(sum, slope, normal, mean, inner, scale);
      dx.writeRow(r, sum);
    }
    dGain.writeRow(0, gainSums);
    dBias.writeRow(0, biasSums);
  }

  private static void addGradients(float[] dy, float[] normal, float[] gains, float[] biases) {
    for (int i = 0; i < dy.length; i++) {
      gains[i] += dy[i] * normal[i];
      biases[i] += dy[i];
    }
  }

  private static void scale(float[] x, float[] factors) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factors[i];
    }
  }

  private static void addSlopes(
      float[] sum, float[] slope, float[] normal, float mean, float inner, float scale) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (slope[i] - mean - normal[i] * inner) * scale;
    }
  }

  @Override
  public void gelu(Matrix z, Matrix a) {
    float[] numbers = new float[z.columns()];
    float[] shares = new float[z.columns()];
    float[] scratch = new float[z.columns()];
    for (int r = 0; r < z.rows(); r++) {
      z.copyRow(r, numbers);
      shares(numbers, shares, scratch);
      scale(shares, numbers);
      a.writeRow(r, shares);
    }
  }

  /** What of each number stays. */
  private static void shares(float[] z, float[] shares, float[] scratch) {
    for (int i = 0; i < z.length; i++) {
      shares[i] = STEEPNESS * z[i] * (1f + CUBE * z[i] * z[i]);
    }
    FloatLoops.sigmoid(shares, z.length, scratch);
  }

  @Override
  public void geluBackward(Matrix z, Matrix a, Matrix gradient) {
    float[] numbers = new float[z.columns()];
    float[] shares = new float[z.columns()];
    float[] slope = new float[z.columns()];
    for (int r = 0; r < z.rows(); r++) {
      z.copyRow(r, numbers);
      shares(numbers, shares, slope);
      gradient.copyRow(r, slope);
      geluBackward(numbers, shares, slope);
      gradient.writeRow(r, slope);
      a.writeRow(r, numbers);
    }
  }

  private static void geluBackward(float[] z, float[] shares, float[] gradient) {
    for (int i = 0; i < z.length; i++) {
      float kept = z[i] * shares[i];
      float steepness = STEEPNESS + 3f * CUBE * STEEPNESS * z[i] * z[i];
      gradient[i] *= shares[i] + (kept - kept * shares[i]) * steepness;
      z[i] = kept;
    }
  }

  @Override
  public void rotate(Matrix x, int heads, int first, boolean backwards, double scale) {
    int half = x.columns() / heads / 2;
    RotaryTable table = RotaryTable.of(2 * half, first + x.rows());
    float[] numbers = new float[x.columns()];
    float factor = (float) scale;
    for (int r = 0; r < x.rows(); r++) {
      x.copyRow(r, numbers);
      float[] cosines = table.cosines(first + r);
      float[] sines = table.sines(first + r);
      for (int head = 0; head < heads; head++) {
        int from = 2 * half * head;
        if (backwards) {
          turnBack(numbers, from, half, cosines, sines, factor);
        } else {
          turn(numbers, from, half, cosines, sines, factor);
        }
      }
      x.writeRow(r, numbers);
    }
  }

  private static void turn(
      float[] x, int from, int half, float[] cosines, float[] sines, float scale) {
    for (int i = 0; i < half; i++) {
      float one = x[from + i] * scale;
      float other = x[from + half + i] * scale;
      x[from + i] = one * cosines[i] - other * sines[i];
      x[from + half + i] = other * cosines[i] + one * sines[i];
    }
  }

  private static void turnBack(
      float[] x, int from, int half, float[] cosines, float[] sines, float scale) {
    for (int i = 0; i < half; i++) {
      float one = x[from + i] * scale;
      float other = x[from + half + i] * scale;
      x[from + i] = one * cosines[i] + other * sines[i];
      x[from + half + i] = other * cosines[i] - one * sines[i];
    }
  }

  @Override
  public void softmax(Matrix scores, boolean causal) {
    float[] numbers = new float[scores.columns()];
    float[] scratch = new float[scores.columns()];
    for (int r = 0; r < scores.rows(); r++) {
      int seen = causal ? numbers.length - scores.rows() + r + 1 : numbers.length;
      scores.copyRow(r, numbers);
      FloatLoops.softmax(numbers, seen, scratch);
      Arrays.fill(numbers, seen, numbers.length, 0f);
      scores.writeRow(r, numbers);
    }
  }

  @Override
  public void softmaxBackward(Matrix weights, Matrix gradient) {
    float[] weight = new float[weights.columns()];
    float[] slope = new float[weights.columns()];
    for (int r = 0; r < weights.rows(); r++) {
      weights.copyRow(r, weight);
      gradient.copyRow(r, slope);
      FloatLoops.subtract(slope, product(weight, slope, slope.length), slope.length);
      scale(slope, weight);
      gradient.writeRow(r, slope);
    }
  }
}
