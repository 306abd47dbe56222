package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.store;

import java.nio.ByteBuffer;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FlatLoops} over floats by jdk.incubator.vector. Each does whole vectors and
 * returns where it stopped; what is left is fewer numbers than a vector holds.
 */
final class FlatVectors {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** The upper half of a vector. */
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(SPECIES, -1L << (LANES / 2));

  private FlatVectors() {}

  /**
   * The lower half of a vector as doubles. Floats are never held by shorter vectors instead: once
   * {@link FloatVector} has been used with two lengths, the compiler cannot tell which one a loop
   * has, and allocates vectors on the heap, also in loops elsewhere.
   */
  private static DoubleVector lower(FloatVector numbers) {
    return (DoubleVector) numbers.convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  private static DoubleVector upper(FloatVector numbers) {
    return (DoubleVector) numbers.convertShape(VectorOperators.F2D, DOUBLES, 1);
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
    DoubleVector first = DoubleVector.zero(DOUBLES);
    DoubleVector second = DoubleVector.zero(DOUBLES);
    DoubleVector third = DoubleVector.zero(DOUBLES);
    DoubleVector fourth = DoubleVector.zero(DOUBLES);
    int end = bound(from, to);
    int quarter = (end - from) / (4 * LANES) * LANES;
    for (int i = from; i < from + quarter; i += LANES) {
      first = plusSquares(first, load(numbers, i));
      second = plusSquares(second, load(numbers, i + quarter));
      third = plusSquares(third, load(numbers, i + 2 * quarter));
      fourth = plusSquares(fourth, load(numbers, i + 3 * quarter));
    }
    for (int i = from + 4 * quarter; i < end; i += LANES) {
      first = plusSquares(first, load(numbers, i));
    }
    return first.add(second).add(third.add(fourth)).reduceLanes(VectorOperators.ADD);
  }

  /** A product of two floats is exact in double, so that FMA and a sum of products are the same. */
  private static DoubleVector plusSquares(DoubleVector sum, FloatVector some) {
    DoubleVector lower = lower(some);
    DoubleVector upper = upper(some);
    return upper.fma(upper, lower.fma(lower, sum));
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
    for (int i = 0; i < end; i += LANES) {
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
    for (int i = 0; i < end; i += LANES) {
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
    for (int i = 0; i < left.length; i += LANES) {
      FloatVector some = FloatVector.fromArray(SPECIES, left, i);
      FloatVector others = FloatVector.fromArray(SPECIES, right, i);
      DoubleVector lower = lower(some).mul(leftShare).add(lower(others).mul(rightShare));
      DoubleVector upper = upper(some).mul(leftShare).add(upper(others).mul(rightShare));
      narrowed(lower, upper).intoArray(left, i);
    }
  }

  /** As {@link FlatFloats#step}, of arrays whose length whole vectors fill. */
  static void step(float[] state, float[] velocity, float[] mean, VelocityStep step) {
    for (int i = 0; i < state.length; i += LANES) {
      FloatVector old = FloatVector.fromArray(SPECIES, state, i);
      FloatVector target = FloatVector.fromArray(SPECIES, mean, i);
      FloatVector speed = FloatVector.fromArray(SPECIES, velocity, i);
      DoubleVector lowerDelta = lower(target).sub(lower(old));
      DoubleVector upperDelta = upper(target).sub(upper(old));
      DoubleVector lowerSpeed = speed(lower(speed), lowerDelta, step);
      DoubleVector upperSpeed = speed(upper(speed), upperDelta, step);
      DoubleVector lowerState = state(lower(old), lowerDelta, lowerSpeed, step);
      DoubleVector upperState = state(upper(old), upperDelta, upperSpeed, step);
      narrowed(lowerSpeed, upperSpeed).intoArray(velocity, i);
      narrowed(lowerState, upperState).intoArray(state, i);
    }
  }

  private static DoubleVector speed(DoubleVector old, DoubleVector delta, VelocityStep step) {
    return old.mul(step.keep()).add(delta.mul(step.share()));
  }

  private static DoubleVector state(
      DoubleVector old, DoubleVector delta, DoubleVector speed, VelocityStep step) {
    DoubleVector way = delta.mul(step.direct()).add(speed.mul(step.ahead()));
    return old.add(way.mul(step.rate()));
  }

  /** The reverse of {@link #lower} and {@link #upper}, rounded. */
  private static FloatVector narrowed(DoubleVector lower, DoubleVector upper) {
    FloatVector low = (FloatVector) lower.convertShape(VectorOperators.D2F, SPECIES, 0);
    FloatVector high = (FloatVector) upper.convertShape(VectorOperators.D2F, SPECIES, -1);
    return low.blend(high, UPPER);
  }
}
