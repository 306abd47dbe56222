package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.ONE;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.exp;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.store;
import static storyloom.model.nn.kernel.VectorMath.tanh;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Loops over stretches of rows by whole vectors; widths are multiples of a vector's. */
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
      most = most.max(sum);
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  static float exponentials(ByteBuffer numbers, int start, int width, float largest) {
    FloatVector most = FloatVector.broadcast(SPECIES, largest);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = start; v < start + width; v += LANES) {
      FloatVector power = exp(load(numbers, v).sub(most));
      store(power, numbers, v);
      sums = sums.add(power);
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  static float sumOfExponentials(ByteBuffer numbers, int start, int width, float largest) {
    FloatVector most = FloatVector.broadcast(SPECIES, largest);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int v = start; v < start + width; v += LANES) {
      sums = sums.add(exp(load(numbers, v).sub(most)));
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
      most = most.max(load(numbers, i));
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  static void add(float number, ByteBuffer to, int start, int width) {
    FloatVector numbers = FloatVector.broadcast(SPECIES, number);
    for (int i = start; i < start + width; i += LANES) {
      store(load(to, i).add(numbers), to, i);
    }
  }
}
