package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.ONE;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.exp;
import static storyloom.model.nn.kernel.VectorMath.expOfBounded;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.max;
import static storyloom.model.nn.kernel.VectorMath.sigmoidOf;
import static storyloom.model.nn.kernel.VectorMath.store;
import static storyloom.model.nn.kernel.VectorMath.tanhOf;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Loops over stretches of rows by whole vectors; widths are multiples of a vector's. Each is small
 * on purpose: with more vectors alive than the processor has registers a loop runs three times
 * slower, and what a compiler inlines has its bounds ({@link VectorMath}). Those of an LSTM step
 * stand last.
 */
final class RowVectors {

  private RowVectors() {}

  static void add(ByteBuffer source, int s, ByteBuffer target, int t, int width) {
    for (int i = 0; i < width; i += LANES) {
      store(load(target, t + i).add(load(source, s + i)), target, t + i);
    }
  }

  static float addBias(ByteBuffer numbers, int start, ByteBuffer bias, int biasStart, int width) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int v = 0; v < width; v += LANES) {
      FloatVector sum = load(numbers, start + v).add(load(bias, biasStart + v));
      store(sum, numbers, start + v);
      most = max(most, sum);
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  /**
   * Numbers become exp(number − largest).
   *
   * @return their sum
   */
  static float exponentials(ByteBuffer numbers, int start, int width, float largest) {
    FloatVector most = FloatVector.broadcast(SPECIES, largest);
    for (int v = start; v < start + width; v += LANES) {
      store(expOfBounded(load(numbers, v).sub(most)), numbers, v);
    }
    return sum(numbers, start, width);
  }

  /** Numbers become their exponentials. */
  private static void exponentials(ByteBuffer numbers, int start, int width) {
    for (int i = start; i < start + width; i += LANES) {
      store(exp(load(numbers, i)), numbers, i);
    }
  }

  /** Σ exp(number − largest). */
  static float sumOfExponentials(ByteBuffer numbers, int start, int width, float largest) {
    FloatVector most = FloatVector.broadcast(SPECIES, largest);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = start; v < start + width; v += LANES) {
      sums = sums.add(expOfBounded(load(numbers, v).sub(most)));
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  static void gradient(ByteBuffer powers, int start, int width, float factor, float everywhere) {
    FloatVector factors = FloatVector.broadcast(SPECIES, factor);
    FloatVector less = FloatVector.broadcast(SPECIES, everywhere);
    for (int v = start; v < start + width; v += LANES) {
      store(load(powers, v).mul(factors).sub(less), powers, v);
    }
  }

  /** to = tanh(a + b); {@code to} may be one of the two. */
  static void tanhOfSum(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer to, int toAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      FloatVector x = load(a, aAt + i).add(load(b, bAt + i));
      store(x.add(x).neg(), to, toAt + i);
    }
    tanhsFromDoubledNegatives(to, toAt, width);
  }

  /** Each −2x becomes tanh x. */
  private static void tanhsFromDoubledNegatives(ByteBuffer numbers, int start, int width) {
    exponentials(numbers, start, width);
    for (int i = start; i < start + width; i += LANES) {
      store(tanhOf(load(numbers, i)), numbers, i);
    }
  }

  /** to = tanh(from). */
  static void tanhs(ByteBuffer from, int at, ByteBuffer to, int toAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      FloatVector x = load(from, at + i);
      store(x.add(x).neg(), to, toAt + i);
    }
    tanhsFromDoubledNegatives(to, toAt, width);
  }

  static void tanhBackward(
      ByteBuffer tanh, int at, ByteBuffer gradient, int gradientAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      FloatVector y = load(tanh, at + i);
      FloatVector slope = ONE.sub(y.mul(y));
      store(load(gradient, gradientAt + i).mul(slope), gradient, gradientAt + i);
    }
  }

  static float sum(ByteBuffer numbers, int start, int width) {
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int i = start; i < start + width; i += LANES) {
      sums = sums.add(load(numbers, i));
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  static float largest(ByteBuffer numbers, int start, int width) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = start; i < start + width; i += LANES) {
      most = max(most, load(numbers, i));
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  static void add(float number, ByteBuffer to, int start, int width) {
    FloatVector numbers = FloatVector.broadcast(SPECIES, number);
    for (int i = start; i < start + width; i += LANES) {
      store(load(to, i).add(numbers), to, i);
    }
  }

  static void scale(float factor, ByteBuffer numbers, int start, int width) {
    FloatVector factors = FloatVector.broadcast(SPECIES, factor);
    for (int i = start; i < start + width; i += LANES) {
      store(load(numbers, i).mul(factors), numbers, i);
    }
  }

  /** to = from · columns · row. */
  static void scale(
      ByteBuffer from,
      int at,
      float[] columns,
      int columnsAt,
      float row,
      ByteBuffer to,
      int toAt,
      int width) {
    FloatVector rows = FloatVector.broadcast(SPECIES, row);
    for (int i = 0; i < width; i += LANES) {
      FloatVector scales = FloatVector.fromArray(SPECIES, columns, columnsAt + i);
      store(load(from, at + i).mul(scales).mul(rows), to, toAt + i);
    }
  }

  /** z = sigmoid(z + bias). */
  static void sigmoids(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(load(z, zAt + j).add(load(bias, biasAt + j)).neg(), z, zAt + j);
    }
    exponentials(z, zAt, width);
    for (int j = zAt; j < zAt + width; j += LANES) {
      store(sigmoidOf(load(z, j)), z, j);
    }
  }

  /**
   * c = f·cBefore + i·g and h = o·tanh(c).
   *
   * @param gates i, f, g and o, one after the other
   * @param h written twice: it holds tanh(c) in between
   */
  static void cells(
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
      FloatVector cell = f.mul(load(cBefore, cBeforeAt + j)).add(i.mul(g));
      store(cell, c, cAt + j);
    }
    tanhs(c, cAt, h, hAt, hidden);
    for (int j = 0; j < hidden; j += LANES) {
      store(load(gates, at + 3 * hidden + j).mul(load(h, hAt + j)), h, hAt + j);
    }
  }

  /**
   * The reverse of h = o·tanh(c).
   *
   * @param tanhs tanh(c)
   */
  static void outputBackward(
      ByteBuffer o,
      int at,
      ByteBuffer tanhs,
      int tanhsAt,
      ByteBuffer dh,
      int dhAt,
      ByteBuffer dc,
      int dcAt,
      int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector gate = load(o, at + j);
      FloatVector tanh = load(tanhs, tanhsAt + j);
      FloatVector byTanh = load(dh, dhAt + j).mul(gate);
      store(byTanh.mul(tanh).mul(ONE.sub(gate)), o, at + j);
      store(load(dc, dcAt + j).add(byTanh.mul(ONE.sub(tanh.mul(tanh)))), dc, dcAt + j);
    }
  }

  /** The reverse of c = f·cBefore + i·g. */
  static void cellBackward(
      ByteBuffer gates, int at, ByteBuffer cBefore, int cAt, ByteBuffer dc, int dcAt, int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector i = load(gates, at + j);
      FloatVector g = load(gates, at + 2 * hidden + j);
      FloatVector byC = load(dc, dcAt + j);
      store(byC.mul(g).mul(i).mul(ONE.sub(i)), gates, at + j);
      store(byC.mul(i).mul(ONE.sub(g.mul(g))), gates, at + 2 * hidden + j);
    }
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector f = load(gates, at + hidden + j);
      FloatVector byCell = load(dc, dcAt + j).mul(f);
      store(byCell.mul(load(cBefore, cAt + j)).mul(ONE.sub(f)), gates, at + hidden + j);
      store(byCell, dc, dcAt + j);
    }
  }
}
