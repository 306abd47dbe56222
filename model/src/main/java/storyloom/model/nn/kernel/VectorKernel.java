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
    for (int i = 0; i < end; i += LANES) {
      store(load(target, t + i).add(load(source, s + i)), target, t + i);
    }
    FloatBuffer sourceFloats = from.floats();
    FloatBuffer targetFloats = to.floats();
    for (int i = end; i < from.columns(); i++) {
      targetFloats.put(t + i, targetFloats.get(t + i) + sourceFloats.get(s + i));
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
    ByteBuffer z = gates.bytes();
    int hidden = c.columns();
    for (int r = 0; r < gates.rows(); r++) {
      for (int j = 0; j < hidden; j += LANES) {
        int atI = gates.start(r) + j;
        int atF = atI + hidden;
        int atG = atF + hidden;
        int atO = atG + hidden;
        int atBias = bias.start(0) + j;
        FloatVector i = sigmoid(load(z, atI).add(load(bias.bytes(), atBias)));
        FloatVector f = sigmoid(load(z, atF).add(load(bias.bytes(), atBias + hidden)));
        FloatVector g = tanh(load(z, atG).add(load(bias.bytes(), atBias + 2 * hidden)));
        FloatVector o = sigmoid(load(z, atO).add(load(bias.bytes(), atBias + 3 * hidden)));
        FloatVector cell = f.mul(load(cBefore.bytes(), cBefore.start(r) + j)).add(i.mul(g));
        store(i, z, atI);
        store(f, z, atF);
        store(g, z, atG);
        store(o, z, atO);
        store(cell, c.bytes(), c.start(r) + j);
        store(o.mul(tanh(cell)), h.bytes(), h.start(r) + j);
      }
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
    ByteBuffer z = gates.bytes();
    int hidden = c.columns();
    for (int r = 0; r < gates.rows(); r++) {
      for (int j = 0; j < hidden; j += LANES) {
        int atI = gates.start(r) + j;
        int atF = atI + hidden;
        int atG = atF + hidden;
        int atO = atG + hidden;
        int atDc = cGradient.start(r) + j;
        FloatVector i = load(z, atI);
        FloatVector f = load(z, atF);
        FloatVector g = load(z, atG);
        FloatVector o = load(z, atO);
        FloatVector tanh = tanh(load(c.bytes(), c.start(r) + j));
        FloatVector byH = load(hGradient.bytes(), hGradient.start(r) + j);
        FloatVector byC =
            load(cGradient.bytes(), atDc).add(byH.mul(o).mul(ONE.sub(tanh.mul(tanh))));
        FloatVector before = load(cBefore.bytes(), cBefore.start(r) + j);
        store(byC.mul(g).mul(i).mul(ONE.sub(i)), z, atI);
        store(byC.mul(before).mul(f).mul(ONE.sub(f)), z, atF);
        store(byC.mul(i).mul(ONE.sub(g.mul(g))), z, atG);
        store(byH.mul(tanh).mul(o).mul(ONE.sub(o)), z, atO);
        store(byC.mul(f), cGradient.bytes(), atDc);
      }
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

  /** Σ exp(number − largest) over one row, which stays as it is. */
  private static double sumOfExponentials(Matrix logits, int row, float largest) {
    int start = logits.start(row);
    int end = SPECIES.loopBound(logits.columns());
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = 0; v < end; v += LANES) {
      sums = sums.add(exp(load(logits.bytes(), start + v).sub(largest)));
    }
    double sum = sums.reduceLanes(VectorOperators.ADD);
    for (int v = end; v < logits.columns(); v++) {
      sum += Math.exp(logits.floats().get(start + v) - (double) largest);
    }
    return sum;
  }

  @Override
  public TokenTally softmaxCrossEntropy(Matrix logits, Matrix bias, int[] targets, double scale) {
    Shapes.require(targets.length == logits.rows(), logits);
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    double nll = 0;
    long correct = 0;
    for (int r = 0; r < targets.length; r++) {
      float largest = addBias(logits, r, bias);
      float target = logits.floats().get(logits.start(r) + targets[r]);
      double sum = exponentials(logits, r, largest);
      nll += Math.log(sum) + largest - target;
      correct += target >= largest ? 1 : 0;
      if (scale != 0) {
        gradient(logits, r, targets[r], (float) (scale / sum), (float) scale);
      }
    }
    return new TokenTally(nll, targets.length, correct);
  }

  /** Adds the bias to one row and returns the largest sum. */
  private static float addBias(Matrix logits, int row, Matrix bias) {
    int start = logits.start(row);
    int biasStart = bias.start(0);
    int end = SPECIES.loopBound(logits.columns());
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int v = 0; v < end; v += LANES) {
      FloatVector sum = load(logits.bytes(), start + v).add(load(bias.bytes(), biasStart + v));
      store(sum, logits.bytes(), start + v);
      most = most.max(sum);
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
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
    int end = SPECIES.loopBound(logits.columns());
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = 0; v < end; v += LANES) {
      FloatVector power = exp(load(logits.bytes(), start + v).sub(largest));
      store(power, logits.bytes(), start + v);
      sums = sums.add(power);
    }
    double sum = sums.reduceLanes(VectorOperators.ADD);
    for (int v = end; v < logits.columns(); v++) {
      double power = Math.exp(logits.floats().get(start + v) - (double) largest);
      logits.floats().put(start + v, (float) power);
      sum += power;
    }
    return sum;
  }

  /** Turns one row of exponentials into probabilities times the scale, minus it at the target. */
  private static void gradient(Matrix logits, int row, int target, float factor, float scale) {
    int start = logits.start(row);
    int end = SPECIES.loopBound(logits.columns());
    for (int v = 0; v < end; v += LANES) {
      store(load(logits.bytes(), start + v).mul(factor), logits.bytes(), start + v);
    }
    FloatBuffer floats = logits.floats();
    for (int v = end; v < logits.columns(); v++) {
      floats.put(start + v, floats.get(start + v) * factor);
    }
    floats.put(start + target, floats.get(start + target) - scale);
  }
}
