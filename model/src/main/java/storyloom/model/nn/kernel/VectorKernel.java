package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import storyloom.model.nn.loss.TokenLosses;

/**
 * The hot loops of {@link FloatKernel} by jdk.incubator.vector. Each method does whole vectors and
 * leaves what remains of a row, and rows shorter than a vector, to the plain loop.
 */
final class VectorKernel extends FloatKernel {

  /** Floats in a vector. */
  static final int LANES = VectorMath.LANES;

  VectorKernel(Gemm products) {
    super(products);
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
    int end = VectorMath.SPECIES.loopBound(from.columns());
    RowVectors.add(source, s, target, t, end);
    FloatBuffer sourceFloats = from.floats();
    FloatBuffer targetFloats = to.floats();
    for (int i = end; i < from.columns(); i++) {
      targetFloats.put(t + i, targetFloats.get(t + i) + sourceFloats.get(s + i));
    }
  }

  @Override
  public void clear(Matrix matrix) {
    FloatVector zero = FloatVector.zero(VectorMath.SPECIES);
    int end = VectorMath.SPECIES.loopBound(matrix.columns());
    for (int r = 0; r < matrix.rows(); r++) {
      int start = matrix.start(r);
      for (int i = 0; i < end; i += LANES) {
        VectorMath.store(zero, matrix.bytes(), start + i);
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
      RowVectors.sigmoids(gates.bytes(), z, bias.bytes(), b, 2 * hidden);
      RowVectors.tanhOfSum(
          gates.bytes(),
          z + 2 * hidden,
          bias.bytes(),
          b + 2 * hidden,
          gates.bytes(),
          z + 2 * hidden,
          hidden);
      RowVectors.sigmoids(gates.bytes(), z + 3 * hidden, bias.bytes(), b + 3 * hidden, hidden);
      RowVectors.cells(
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
    ByteBuffer tanhs = ByteBuffer.allocate(hidden * Float.BYTES);
    for (int r = 0; r < gates.rows(); r++) {
      int z = gates.start(r);
      RowVectors.tanhs(c.bytes(), c.start(r), tanhs, 0, hidden);
      ByteBuffer dc = cGradient.bytes();
      int dcAt = cGradient.start(r);
      RowVectors.outputBackward(
          gates.bytes(),
          z + 3 * hidden,
          tanhs,
          0,
          hGradient.bytes(),
          hGradient.start(r),
          dc,
          dcAt,
          hidden);
      RowVectors.cellBackward(
          gates.bytes(), z, cBefore.bytes(), cBefore.start(r), dc, dcAt, hidden);
    }
  }

  @Override
  public double[] addBias(Matrix logits, Matrix bias) {
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    double[] largest = new double[logits.rows()];
    Arrays.setAll(largest, row -> addBias(logits, row, bias));
    return largest;
  }

  /** Σ exp(number − largest) over one row, which stays as it is. */
  private static double sumOfExponentials(Matrix logits, int row, float largest) {
    int start = logits.start(row);
    int end = VectorMath.SPECIES.loopBound(logits.columns());
    double sum = RowVectors.sumOfExponentials(logits.bytes(), start, end, largest);
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

  /** Adds the bias to one row and returns the largest sum. */
  private static float addBias(Matrix logits, int row, Matrix bias) {
    int start = logits.start(row);
    int biasStart = bias.start(0);
    int end = VectorMath.SPECIES.loopBound(logits.columns());
    float largest = RowVectors.addBias(logits.bytes(), start, bias.bytes(), biasStart, end);
    for (int v = end; v < logits.columns(); v++) {
      float sum = logits.floats().get(start + v) + bias.floats().get(biasStart + v);
      logits.floats().put(start + v, sum);
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /** Replaces one row by exp(number − largest) and returns the sum. */
  private static double exponentials(Matrix logits, int row, float largest) {
    int start = logits.start(row);
    int end = VectorMath.SPECIES.loopBound(logits.columns());
    double sum = RowVectors.exponentials(logits.bytes(), start, end, largest);
    for (int v = end; v < logits.columns(); v++) {
      double power = Math.exp(logits.floats().get(start + v) - (double) largest);
      logits.floats().put(start + v, (float) power);
      sum += power;
    }
    return sum;
  }

  /**
   * Turns one row of exponentials into the gradient: number · factor − everywhere, and at the
   * target less another {@code there}.
   */
  private static void gradient(
      Matrix logits, int row, int target, float factor, float everywhere, float there) {
    int start = logits.start(row);
    int end = VectorMath.SPECIES.loopBound(logits.columns());
    RowVectors.gradient(logits.bytes(), start, end, factor, everywhere);
    FloatBuffer floats = logits.floats();
    for (int v = end; v < logits.columns(); v++) {
      floats.put(start + v, floats.get(start + v) * factor - everywhere);
    }
    floats.put(start + target, floats.get(start + target) - there);
  }

  @Override
  double squares(Matrix matrix, int from, int to) {
    return FlatVectors.squares(matrix.bytes(), from, to)
        + super.squares(matrix, FlatVectors.boundOfPairs(from, to), to);
  }

  @Override
  int adamByVectors(AdamTensor row, double factor, AdamStep step) {
    return FlatVectors.adam(row, (float) factor, step);
  }

  @Override
  int adamWithoutGradientByVectors(AdamTensor row, List<AdamStep> steps) {
    return steps.isEmpty() ? row.columns() : FlatVectors.adamWithoutGradient(row, steps);
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
      RowVectors.tanhOfSum(
          from.bytes(),
          from.start(r),
          row.bytes(),
          row.start(0),
          to.bytes(),
          to.start(r),
          from.columns());
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
      RowVectors.tanhBackward(
          tanh.bytes(), tanh.start(r), gradient.bytes(), gradient.start(r), tanh.columns());
    }
  }

  /** Sum of one row. */
  private static double sum(Matrix matrix, int row) {
    int start = matrix.start(row);
    int end = VectorMath.SPECIES.loopBound(matrix.columns());
    double sum = RowVectors.sum(matrix.bytes(), start, end);
    for (int i = end; i < matrix.columns(); i++) {
      sum += matrix.floats().get(start + i);
    }
    return sum;
  }

  @Override
  public double[] largest(Matrix matrix) {
    double[] largest = new double[matrix.rows()];
    int end = VectorMath.SPECIES.loopBound(matrix.columns());
    for (int r = 0; r < largest.length; r++) {
      int start = matrix.start(r);
      largest[r] = RowVectors.largest(matrix.bytes(), start, end);
      for (int i = end; i < matrix.columns(); i++) {
        largest[r] = Math.max(largest[r], matrix.floats().get(start + i));
      }
    }
    return largest;
  }

  @Override
  public double[] logSums(Matrix logits, double[] largest) {
    Shapes.require(largest.length == logits.rows(), logits);
    double[] logSums = new double[largest.length];
    Arrays.setAll(
        logSums,
        row -> largest[row] + Math.log(sumOfExponentials(logits, row, (float) largest[row])));
    return logSums;
  }

  @Override
  public void addToRows(double[] numbers, Matrix matrix) {
    Shapes.require(numbers.length == matrix.rows(), matrix);
    int end = VectorMath.SPECIES.loopBound(matrix.columns());
    FloatBuffer floats = matrix.floats();
    for (int r = 0; r < numbers.length; r++) {
      int start = matrix.start(r);
      float number = (float) numbers[r];
      RowVectors.add(number, matrix.bytes(), start, end);
      for (int i = end; i < matrix.columns(); i++) {
        floats.put(start + i, floats.get(start + i) + number);
      }
    }
  }

  @Override
  public void scaleRows(double[] factors, Matrix matrix) {
    Shapes.require(factors.length == matrix.rows(), matrix);
    int end = VectorMath.SPECIES.loopBound(matrix.columns());
    FloatBuffer floats = matrix.floats();
    for (int r = 0; r < factors.length; r++) {
      if (factors[r] == 1) {
        continue;
      }
      int start = matrix.start(r);
      float factor = (float) factors[r];
      RowVectors.scale(factor, matrix.bytes(), start, end);
      for (int i = end; i < matrix.columns(); i++) {
        floats.put(start + i, floats.get(start + i) * factor);
      }
    }
  }
}
