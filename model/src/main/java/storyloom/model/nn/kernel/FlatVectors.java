package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FlatLoops} over floats by jdk.incubator.vector. Each does whole vectors and
 * returns where it stopped; what is left is fewer numbers than a vector holds.
 */
final class FlatVectors {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** As many floats as a vector of doubles holds. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

  private FlatVectors() {}

  private static DoubleVector widened(ByteBuffer bytes, int at) {
    return (DoubleVector)
        FloatVector.fromByteBuffer(HALF, bytes, at * Float.BYTES, ByteOrder.nativeOrder())
            .convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  /** Where the whole vectors of a stretch end. */
  static int bound(int from, int to) {
    return from + SPECIES.loopBound(to - from);
  }

  /** Sum of squares up to {@link #bound}, in double: floats would overflow from 1.8e19 on. */
  static double squares(ByteBuffer numbers, int from, int to) {
    int half = HALF.length();
    DoubleVector even = DoubleVector.zero(DOUBLES);
    DoubleVector odd = DoubleVector.zero(DOUBLES);
    for (int i = from; i < bound(from, to); i += 2 * half) {
      DoubleVector first = widened(numbers, i);
      DoubleVector second = widened(numbers, i + half);
      even = even.add(first.mul(first));
      odd = odd.add(second.mul(second));
    }
    return even.add(odd).reduceLanes(VectorOperators.ADD);
  }

  static void scale(ByteBuffer numbers, float factor, int from, int to) {
    for (int i = from; i < bound(from, to); i += SPECIES.length()) {
      store(load(numbers, i).mul(factor), numbers, i);
    }
  }

  /** Offsets are those of column 0 of gradient, m and v. */
  static void adam(Matrix gradient, Matrix m, Matrix v, AdamStep step, int from, int to) {
    ByteBuffer gradients = gradient.bytes();
    ByteBuffer means = m.bytes();
    ByteBuffer squares = v.bytes();
    int atG = gradient.start(0);
    int atM = m.start(0);
    int atV = v.start(0);
    float beta1 = (float) step.beta1();
    float beta2 = (float) step.beta2();
    float keep1 = (float) (1 - step.beta1());
    float keep2 = (float) (1 - step.beta2());
    float rate = (float) step.correctedRate();
    float rootFactor = (float) step.rootFactor();
    float epsilon = (float) step.epsilon();
    for (int i = from; i < bound(from, to); i += SPECIES.length()) {
      FloatVector g = load(gradients, atG + i);
      FloatVector mean = load(means, atM + i).mul(beta1).add(g.mul(keep1));
      FloatVector square = load(squares, atV + i).mul(beta2).add(g.mul(g).mul(keep2));
      store(mean, means, atM + i);
      store(square, squares, atV + i);
      FloatVector root = square.sqrt().mul(rootFactor);
      store(mean.mul(rate).div(root.add(epsilon)), gradients, atG + i);
    }
  }

  /** As {@link FlatFloats#mean}: puts it into {@code left}, whose length whole vectors fill. */
  static void mean(float[] left, double leftWeight, float[] right, double rightWeight) {
    double weight = leftWeight + rightWeight;
    for (int i = 0; i < left.length; i += HALF.length()) {
      DoubleVector one = widened(left, i).mul(leftWeight);
      DoubleVector other = widened(right, i).mul(rightWeight);
      ((FloatVector) one.add(other).div(weight).convertShape(VectorOperators.D2F, HALF, 0))
          .intoArray(left, i);
    }
  }

  private static DoubleVector widened(float[] numbers, int at) {
    return (DoubleVector)
        FloatVector.fromArray(HALF, numbers, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }
}
