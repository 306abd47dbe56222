package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
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

  /**
   * Sum of squares up to {@link #bound}, in double: floats would overflow from 1.8e19 on. It reads
   * at four places at a time, which memory delivers sooner than one.
   */
  static double squares(ByteBuffer numbers, int from, int to) {
    int half = HALF.length();
    DoubleVector first = DoubleVector.zero(DOUBLES);
    DoubleVector second = DoubleVector.zero(DOUBLES);
    DoubleVector third = DoubleVector.zero(DOUBLES);
    DoubleVector fourth = DoubleVector.zero(DOUBLES);
    int end = bound(from, to);
    int quarter = (end - from) / (4 * half) * half;
    for (int i = from; i < from + quarter; i += half) {
      first = plusSquares(first, numbers, i);
      second = plusSquares(second, numbers, i + quarter);
      third = plusSquares(third, numbers, i + 2 * quarter);
      fourth = plusSquares(fourth, numbers, i + 3 * quarter);
    }
    for (int i = from + 4 * quarter; i < end; i += half) {
      first = plusSquares(first, numbers, i);
    }
    return first.add(second).add(third.add(fourth)).reduceLanes(VectorOperators.ADD);
  }

  /** A product of two floats is exact in double, so that FMA and a sum of products are the same. */
  private static DoubleVector plusSquares(DoubleVector sum, ByteBuffer numbers, int at) {
    DoubleVector some = widened(numbers, at);
    return some.fma(some, sum);
  }

  /** {@link Kernel#adam} of one row. */
  static int adam(AdamTensor row, float factor, AdamStep step) {
    ByteBuffer values = row.parameters().bytes();
    ByteBuffer gradients = row.gradient().bytes();
    ByteBuffer means = row.m().bytes();
    ByteBuffer squares = row.v().bytes();
    int at = row.parameters().start(0);
    int atG = row.gradient().start(0);
    int atM = row.m().start(0);
    int atV = row.v().start(0);
    int end = bound(0, row.columns());
    float beta1 = (float) step.beta1();
    float beta2 = (float) step.beta2();
    float keep1 = (float) (1 - step.beta1());
    float keep2 = (float) (1 - step.beta2());
    float rate = (float) step.correctedRate();
    float rootFactor = (float) step.rootFactor();
    float epsilon = (float) step.epsilon();
    for (int i = 0; i < end; i += SPECIES.length()) {
      FloatVector g = load(gradients, atG + i).mul(factor);
      FloatVector mean = normal(load(means, atM + i).mul(beta1).add(g.mul(keep1)));
      FloatVector square = normal(load(squares, atV + i).mul(beta2).add(g.mul(g).mul(keep2)));
      store(mean, means, atM + i);
      store(square, squares, atV + i);
      FloatVector root = square.sqrt().mul(rootFactor);
      store(load(values, at + i).sub(mean.mul(rate).div(root.add(epsilon))), values, at + i);
    }
    return end;
  }

  /** {@link Kernel#adamWithoutGradient} of one row. */
  static int adamWithoutGradient(AdamTensor row, List<AdamStep> steps) {
    ByteBuffer values = row.parameters().bytes();
    ByteBuffer means = row.m().bytes();
    ByteBuffer squares = row.v().bytes();
    int at = row.parameters().start(0);
    int atM = row.m().start(0);
    int atV = row.v().start(0);
    int end = bound(0, row.columns());
    float beta1 = (float) steps.get(0).beta1();
    float beta2 = (float) steps.get(0).beta2();
    float epsilon = (float) steps.get(0).epsilon();
    float[] rates = new float[steps.size()];
    float[] rootFactors = new float[steps.size()];
    for (int s = 0; s < rates.length; s++) {
      rates[s] = (float) steps.get(s).correctedRate();
      rootFactors[s] = (float) steps.get(s).rootFactor();
    }
    for (int i = 0; i < end; i += SPECIES.length()) {
      FloatVector value = load(values, at + i);
      FloatVector mean = load(means, atM + i);
      FloatVector square = load(squares, atV + i);
      for (int s = 0; s < rates.length; s++) {
        mean = normal(mean.mul(beta1));
        square = normal(square.mul(beta2));
        FloatVector root = square.sqrt().mul(rootFactors[s]);
        value = value.sub(mean.mul(rates[s]).div(root.add(epsilon)));
      }
      store(value, values, at + i);
      store(mean, means, atM + i);
      store(square, squares, atV + i);
    }
    return end;
  }

  private static FloatVector normal(FloatVector numbers) {
    return numbers.blend(0, numbers.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
  }

  /** As {@link FlatFloats#mean}: puts it into {@code left}, whose length whole vectors fill. */
  static void mean(float[] left, double leftWeight, float[] right, double rightWeight) {
    double weight = leftWeight + rightWeight;
    double leftShare = leftWeight / weight;
    double rightShare = rightWeight / weight;
    for (int i = 0; i < left.length; i += HALF.length()) {
      DoubleVector one = widened(left, i).mul(leftShare);
      DoubleVector other = widened(right, i).mul(rightShare);
      narrowed(one.add(other)).intoArray(left, i);
    }
  }

  /** As {@link FlatFloats#step}, of arrays whose length whole vectors fill. */
  static void step(float[] state, float[] velocity, float[] mean, VelocityStep step) {
    for (int i = 0; i < state.length; i += HALF.length()) {
      DoubleVector old = widened(state, i);
      DoubleVector delta = widened(mean, i).sub(old);
      DoubleVector speed = widened(velocity, i).mul(step.keep()).add(delta.mul(step.share()));
      DoubleVector way = delta.mul(step.direct()).add(speed.mul(step.ahead()));
      narrowed(speed).intoArray(velocity, i);
      narrowed(old.add(way.mul(step.rate()))).intoArray(state, i);
    }
  }

  private static FloatVector narrowed(DoubleVector numbers) {
    return (FloatVector) numbers.convertShape(VectorOperators.D2F, HALF, 0);
  }

  private static DoubleVector widened(float[] numbers, int at) {
    return (DoubleVector)
        FloatVector.fromArray(HALF, numbers, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }
}
