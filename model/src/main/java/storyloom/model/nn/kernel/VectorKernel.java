package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.exp;
import static storyloom.model.nn.kernel.VectorMath.sigmoid;
import static storyloom.model.nn.kernel.VectorMath.tanh;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The hot loops of {@link FloatKernel} by jdk.incubator.vector. Each method does whole vectors and
 * leaves what remains of a row, and rows shorter than a vector, to the plain loop.
 */
final class VectorKernel extends FloatKernel {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int LANES = SPECIES.length();

  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  VectorKernel(Gemm products) {
    super(products);
  }

  private static FloatVector load(ByteBuffer bytes, int at) {
    return FloatVector.fromByteBuffer(SPECIES, bytes, at * Float.BYTES, ByteOrder.nativeOrder());
  }

  private static void store(FloatVector vector, ByteBuffer bytes, int at) {
    vector.intoByteBuffer(bytes, at * Float.BYTES, ByteOrder.nativeOrder());
  }

  private static boolean whole(int width) {
    return width % LANES == 0;
  }

  @Override
  void addRow(Matrix from, int fromRow, Matrix to, int toRow) {
    ByteBuffer source = from.bytes();
    ByteBuffer target = to.bytes();
    int s = from.start(fromRow);
    int t = to.start(toRow);
    int end = SPECIES.loopBound(from.columns());
    add(source, s, target, t, end);
    FloatBuffer sourceFloats = from.floats();
    FloatBuffer targetFloats = to.floats();
    for (int i = end; i < from.columns(); i++) {
      targetFloats.put(t + i, targetFloats.get(t + i) + sourceFloats.get(s + i));
    }
  }

  private static void add(ByteBuffer source, int s, ByteBuffer target, int t, int width) {
    for (int i = 0; i < width; i += LANES) {
      store(load(target, t + i).add(load(source, s + i)), target, t + i);
    }
  }

  @Override
  public void clear(Matrix matrix) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int end = SPECIES.loopBound(matrix.columns());
    for (int r = 0; r < matrix.rows(); r++) {
      int start = matrix.start(r);
      for (int i = 0; i < end; i += LANES) {
        store(zero, matrix.bytes(), start + i);
      }
    }
    if (end < matrix.columns()) {
      super.clear(matrix.columns(end, matrix.columns()));
    }
  }

  @Override
  public void lstmForward(Matrix gates, Matrix bias, Matrix cBefore, Matrix c, Matrix h) {
    if (!whole(c.columns())) {
      super.lstmForward(gates, bias, cBefore, c, h);
      return;
    }
    Shapes.requireStep(gates, cBefore, c, h);
    Shapes.require(bias.rows() == 1 && bias.columns() == gates.columns(), gates, bias);
    int hidden = c.columns();
    for (int r = 0; r < gates.rows(); r++) {
      int z = gates.start(r);
      int b = bias.start(0);
      sigmoids(gates.bytes(), z, bias.bytes(), b, 2 * hidden);
      tanhs(gates.bytes(), z + 2 * hidden, bias.bytes(), b + 2 * hidden, hidden);
      sigmoids(gates.bytes(), z + 3 * hidden, bias.bytes(), b + 3 * hidden, hidden);
      cells(
          gates.bytes(),
          z,
          cBefore.bytes(),
          cBefore.start(r),
          c.bytes(),
          c.start(r),
          h.bytes(),
          h.start(r),
          hidden);
    }
  }

  private static void sigmoids(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(sigmoid(load(z, zAt + j).add(load(bias, biasAt + j))), z, zAt + j);
    }
  }

  private static void tanhs(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(tanh(load(z, zAt + j).add(load(bias, biasAt + j))), z, zAt + j);
    }
  }

  private static void cells(
      ByteBuffer gates,
      int at,
      ByteBuffer cBefore,
      int cBeforeAt,
      ByteBuffer c,
      int cAt,
      ByteBuffer h,
      int hAt,
      int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector i = load(gates, at + j);
      FloatVector f = load(gates, at + hidden + j);
      FloatVector g = load(gates, at + 2 * hidden + j);
      FloatVector o = load(gates, at + 3 * hidden + j);
      FloatVector cell = f.mul(load(cBefore, cBeforeAt + j)).add(i.mul(g));
      store(cell, c, cAt + j);
      store(o.mul(tanh(cell)), h, hAt + j);
    }
  }

  @Override
  public void lstmBackward(
      Matrix gates, Matrix cBefore, Matrix c, Matrix hGradient, Matrix cGradient) {
    if (!whole(c.columns())) {
      super.lstmBackward(gates, cBefore, c, hGradient, cGradient);
      return;
    }
    Shapes.requireStep(gates, cBefore, c, hGradient);
    Shapes.requireSame(c, cGradient);
    int hidden = c.columns();
    for (int r = 0; r < gates.rows(); r++) {
      int z = gates.start(r);
      ByteBuffer dc = cGradient.bytes();
      int dcAt = cGradient.start(r);
      outputBackward(
          gates.bytes(),
          z + 3 * hidden,
          c.bytes(),
          c.start(r),
          hGradient.bytes(),
          hGradient.start(r),
          dc,
          dcAt,
          hidden);
      cellBackward(gates.bytes(), z, cBefore.bytes(), cBefore.start(r), dc, dcAt, hidden);
    }
  }

  /** The reverse of h = o·tanh(c). */
  private static void outputBackward(
      ByteBuffer o,
      int at,
      ByteBuffer c,
      int cAt,
      ByteBuffer dh,
      int dhAt,
      ByteBuffer dc,
      int dcAt,
      int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector gate = load(o, at + j);
      FloatVector tanh = tanh(load(c, cAt + j));
      FloatVector byTanh = load(dh, dhAt + j).mul(gate);
      store(byTanh.mul(tanh).mul(ONE.sub(gate)), o, at + j);
      store(load(dc, dcAt + j).add(byTanh.mul(ONE.sub(tanh.mul(tanh)))), dc, dcAt + j);
    }
  }

  /** The reverse of c = f·cBefore + i·g. */
  private static void cellBackward(
      ByteBuffer gates, int at, ByteBuffer cBefore, int cAt, ByteBuffer dc, int dcAt, int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector i = load(gates, at + j);
      FloatVector f = load(gates, at + hidden + j);
      FloatVector g = load(gates, at + 2 * hidden + j);
      FloatVector byC = load(dc, dcAt + j);
      FloatVector byCell = byC.mul(f);
      store(byC.mul(g).mul(i).mul(ONE.sub(i)), gates, at + j);
      store(byCell.mul(load(cBefore, cAt + j)).mul(ONE.sub(f)), gates, at + hidden + j);
      store(byC.mul(i).mul(ONE.sub(g.mul(g))), gates, at + 2 * hidden + j);
      store(byCell, dc, dcAt + j);
    }
  }

  @Override
  public double[] addBiasAndLogSum(Matrix logits, Matrix bias) {
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    double[] logSums = new double[logits.rows()];
    for (int r = 0; r < logSums.length; r++) {
      float largest = addBias(logits, r, bias);
      logSums[r] = largest + Math.log(sumOfExponentials(logits, r, largest));
    }
    return logSums;
  }

  private static float sumOfExponentials(ByteBuffer numbers, int start, int width, float largest) {
    FloatVector most = FloatVector.broadcast(SPECIES, largest);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = start; v < start + width; v += LANES) {
      sums = sums.add(exp(load(numbers, v).sub(most)));
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  /** Σ exp(number − largest) over one row, which stays as it is. */
  private static double sumOfExponentials(Matrix logits, int row, float largest) {
    int start = logits.start(row);
    int end = SPECIES.loopBound(logits.columns());
    double sum = sumOfExponentials(logits.bytes(), start, end, largest);
    for (int v = end; v < logits.columns(); v++) {
      sum += Math.exp(logits.floats().get(start + v) - (double) largest);
    }
    return sum;
  }

  @Override
  public TokenLosses softmaxCrossEntropy(
      Matrix logits, Matrix bias, int[] targets, double scale, double smoothing) {
    Shapes.require(targets.length == logits.rows(), logits);
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    TokenLosses losses = TokenLosses.of(targets.length);
    float everywhere = (float) (scale * smoothing / logits.columns());
    float there = (float) (scale * (1 - smoothing));
    for (int r = 0; r < targets.length; r++) {
      float largest = addBias(logits, r, bias);
      float target = logits.floats().get(logits.start(r) + targets[r]);
      double mean = smoothing == 0 ? 0 : sum(logits, r) / logits.columns();
      double powers = exponentials(logits, r, largest);
      losses.set(r, largest + Math.log(powers), target, largest, mean);
      if (scale != 0) {
        gradient(logits, r, targets[r], (float) (scale / powers), everywhere, there);
      }
    }
    return losses;
  }

  private static float addBias(
      ByteBuffer numbers, int start, ByteBuffer bias, int biasStart, int width) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int v = 0; v < width; v += LANES) {
      FloatVector sum = load(numbers, start + v).add(load(bias, biasStart + v));
      store(sum, numbers, start + v);
      most = most.max(sum);
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  /** Adds the bias to one row and returns the largest sum. */
  private static float addBias(Matrix logits, int row, Matrix bias) {
    int start = logits.start(row);
    int biasStart = bias.start(0);
    int end = SPECIES.loopBound(logits.columns());
    float largest = addBias(logits.bytes(), start, bias.bytes(), biasStart, end);
    for (int v = end; v < logits.columns(); v++) {
      float sum = logits.floats().get(start + v) + bias.floats().get(biasStart + v);
      logits.floats().put(start + v, sum);
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  private static float exponentials(ByteBuffer numbers, int start, int width, float largest) {
    FloatVector most = FloatVector.broadcast(SPECIES, largest);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = start; v < start + width; v += LANES) {
      FloatVector power = exp(load(numbers, v).sub(most));
      store(power, numbers, v);
      sums = sums.add(power);
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  /** Replaces one row by exp(number − largest) and returns the sum. */
  private static double exponentials(Matrix logits, int row, float largest) {
    int start = logits.start(row);
    int end = SPECIES.loopBound(logits.columns());
    double sum = exponentials(logits.bytes(), start, end, largest);
    for (int v = end; v < logits.columns(); v++) {
      double power = Math.exp(logits.floats().get(start + v) - (double) largest);
      logits.floats().put(start + v, (float) power);
      sum += power;
    }
    return sum;
  }

  private static void gradient(
      ByteBuffer powers, int start, int width, float factor, float everywhere) {
    FloatVector factors = FloatVector.broadcast(SPECIES, factor);
    FloatVector less = FloatVector.broadcast(SPECIES, everywhere);
    for (int v = start; v < start + width; v += LANES) {
      store(load(powers, v).mul(factors).sub(less), powers, v);
    }
  }

  /**
   * Turns one row of exponentials into the gradient: number · factor − everywhere, and at the
   * target less another {@code there}.
   */
  private static void gradient(
      Matrix logits, int row, int target, float factor, float everywhere, float there) {
    int start = logits.start(row);
    int end = SPECIES.loopBound(logits.columns());
    gradient(logits.bytes(), start, end, factor, everywhere);
    FloatBuffer floats = logits.floats();
    for (int v = end; v < logits.columns(); v++) {
      floats.put(start + v, floats.get(start + v) * factor - everywhere);
    }
    floats.put(start + target, floats.get(start + target) - there);
  }

  @Override
  double squares(Matrix matrix, int from, int to) {
    return FlatVectors.squares(matrix.bytes(), from, to)
        + super.squares(matrix, FlatVectors.bound(from, to), to);
  }

  @Override
  void scale(Matrix matrix, double factor, int from, int to) {
    FlatVectors.scale(matrix.bytes(), (float) factor, from, to);
    super.scale(matrix, factor, FlatVectors.bound(from, to), to);
  }

  @Override
  void adam(Matrix gradient, Matrix m, Matrix v, AdamStep step, int from, int to) {
    FlatVectors.adam(gradient, m, v, step, from, to);
    super.adam(gradient, m, v, step, FlatVectors.bound(from, to), to);
  }

  @Override
  public void tanhOfSum(Matrix from, Matrix row, Matrix to) {
    if (!whole(from.columns())) {
      super.tanhOfSum(from, row, to);
      return;
    }
    Shapes.requireSame(from, to);
    Shapes.require(row.rows() == 1 && row.columns() == from.columns(), from, row);
    for (int r = 0; r < from.rows(); r++) {
      tanhOfSum(
          from.bytes(),
          from.start(r),
          row.bytes(),
          row.start(0),
          to.bytes(),
          to.start(r),
          from.columns());
    }
  }

  private static void tanhOfSum(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer to, int toAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      store(tanh(load(a, aAt + i).add(load(b, bAt + i))), to, toAt + i);
    }
  }

  @Override
  public void tanhBackward(Matrix tanh, Matrix gradient) {
    if (!whole(tanh.columns())) {
      super.tanhBackward(tanh, gradient);
      return;
    }
    Shapes.requireSame(tanh, gradient);
    for (int r = 0; r < tanh.rows(); r++) {
      tanhBackward(
          tanh.bytes(), tanh.start(r), gradient.bytes(), gradient.start(r), tanh.columns());
    }
  }

  private static void tanhBackward(
      ByteBuffer tanh, int at, ByteBuffer gradient, int gradientAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      FloatVector y = load(tanh, at + i);
      FloatVector slope = ONE.sub(y.mul(y));
      store(load(gradient, gradientAt + i).mul(slope), gradient, gradientAt + i);
    }
  }

  private static float sum(ByteBuffer numbers, int start, int width) {
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int i = start; i < start + width; i += LANES) {
      sums = sums.add(load(numbers, i));
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  /** Sum of one row. */
  private static double sum(Matrix matrix, int row) {
    int start = matrix.start(row);
    int end = SPECIES.loopBound(matrix.columns());
    double sum = sum(matrix.bytes(), start, end);
    for (int i = end; i < matrix.columns(); i++) {
      sum += matrix.floats().get(start + i);
    }
    return sum;
  }

  private static float largest(ByteBuffer numbers, int start, int width) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = start; i < start + width; i += LANES) {
      most = most.max(load(numbers, i));
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  @Override
  public double[] largest(Matrix matrix) {
    double[] largest = new double[matrix.rows()];
    int end = SPECIES.loopBound(matrix.columns());
    for (int r = 0; r < largest.length; r++) {
      int start = matrix.start(r);
      largest[r] = largest(matrix.bytes(), start, end);
      for (int i = end; i < matrix.columns(); i++) {
        largest[r] = Math.max(largest[r], matrix.floats().get(start + i));
      }
    }
    return largest;
  }

  @Override
  public double[] logSums(Matrix logits) {
    double[] logSums = largest(logits);
    for (int r = 0; r < logSums.length; r++) {
      logSums[r] += Math.log(sumOfExponentials(logits, r, (float) logSums[r]));
    }
    return logSums;
  }

  private static void add(float number, ByteBuffer to, int start, int width) {
    FloatVector numbers = FloatVector.broadcast(SPECIES, number);
    for (int i = start; i < start + width; i += LANES) {
      store(load(to, i).add(numbers), to, i);
    }
  }

  @Override
  public void addToRows(double[] numbers, Matrix matrix) {
    Shapes.require(numbers.length == matrix.rows(), matrix);
    int end = SPECIES.loopBound(matrix.columns());
    FloatBuffer floats = matrix.floats();
    for (int r = 0; r < numbers.length; r++) {
      int start = matrix.start(r);
      float number = (float) numbers[r];
      add(number, matrix.bytes(), start, end);
      for (int i = end; i < matrix.columns(); i++) {
        floats.put(start + i, floats.get(start + i) + number);
      }
    }
  }
}
