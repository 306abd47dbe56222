package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.ONE;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.expOfBounded;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.max;
import static storyloom.model.nn.kernel.VectorMath.sigmoid;
import static storyloom.model.nn.kernel.VectorMath.store;
import static storyloom.model.nn.kernel.VectorMath.tanh;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Loops over stretches of rows by whole vectors; widths are multiples of a vector's. Each is small
 * on purpose: with more vectors alive than the processor has registers a loop runs three times
 * slower. Those of an LSTM step stand last.
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
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = start; v < start + width; v += LANES) {
      FloatVector power = expOfBounded(load(numbers, v).sub(most));
      store(power, numbers, v);
      sums = sums.add(power);
    }
    return sums.reduceLanes(VectorOperators.ADD);
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

  static void tanhOfSum(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer to, int toAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      store(tanh(load(a, aAt + i).add(load(b, bAt + i))), to, toAt + i);
    }
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

  static void sigmoids(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(sigmoid(load(z, zAt + j).add(load(bias, biasAt + j))), z, zAt + j);
    }
  }

  static void tanhs(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(tanh(load(z, zAt + j).add(load(bias, biasAt + j))), z, zAt + j);
    }
  }

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
      FloatVector o = load(gates, at + 3 * hidden + j);
      FloatVector cell = f.mul(load(cBefore, cBeforeAt + j)).add(i.mul(g));
      store(cell, c, cAt + j);
      store(o.mul(tanh(cell)), h, hAt + j);
    }
  }

  /** The reverse of h = o·tanh(c). */
  static void outputBackward(
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
  static void cellBackward(
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
}
