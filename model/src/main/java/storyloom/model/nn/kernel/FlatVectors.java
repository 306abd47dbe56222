package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.store;

import java.nio.ByteBuffer;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FlatLoops} over floats by jdk.incubator.vector. Each does whole vectors, the
 * sum of squares pairs of them; Adam's return where they stopped. Each holds no more than HotSpot
 * inlines ({@link VectorMath}).
 */
final class FlatVectors {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** Numbers of a row whose mean, square and value are updated one after the other. */
  private static final int BLOCK = 1 << 11;

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

  /** Where the pairs of whole vectors of a stretch end. */
  static int boundOfPairs(int from, int to) {
    return from + (to - from) / (2 * LANES) * (2 * LANES);
  }

  /**
   * Sum of squares up to {@link #boundOfPairs}, in double: floats would overflow from 1.8e19 on. It
   * reads at two places at a time, which memory delivers sooner than one.
   */
  static double squares(ByteBuffer numbers, int from, int to) {
    DoubleVector first = DoubleVector.zero(DOUBLES);
    DoubleVector second = DoubleVector.zero(DOUBLES);
    int half = (boundOfPairs(from, to) - from) / 2;
    for (int i = from; i < from + half; i += LANES) {
      first = plusSquares(first, load(numbers, i));
      second = plusSquares(second, load(numbers, i + half));
    }
    return first.add(second).reduceLanes(VectorOperators.ADD);
  }

  /** A product of two floats is exact in double, so that FMA and a sum of products are the same. */
  private static DoubleVector plusSquares(DoubleVector sum, FloatVector some) {
    DoubleVector lower = lower(some);
    DoubleVector upper = upper(some);
    return upper.fma(upper, lower.fma(lower, sum));
  }

  /** {@link Kernel#adam} of one row, a block at a time, which stays near the processor. */
  static int adam(AdamTensor row, float factor, AdamStep step) {
    int end = SPECIES.loopBound(row.columns());
    for (int from = 0; from < end; from += BLOCK) {
      int to = Math.min(from + BLOCK, end);
      means(row, from, to, factor, step);
      squares(row, from, to, factor, step);
      descend(row, from, to, step);
    }
    return end;
  }

  private static void means(AdamTensor row, int from, int to, float factor, AdamStep step) {
    ByteBuffer gradients = row.gradient().bytes();
    ByteBuffer means = row.m().bytes();
    int atG = row.gradient().start(0);
    int atM = row.m().start(0);
    float beta = (float) step.beta1();
    float keep = (float) (1 - step.beta1());
    for (int i = from; i < to; i += LANES) {
      FloatVector g = load(gradients, atG + i).mul(factor);
      store(normal(load(means, atM + i).mul(beta).add(g.mul(keep))), means, atM + i);
    }
  }

  private static void squares(AdamTensor row, int from, int to, float factor, AdamStep step) {
    ByteBuffer gradients = row.gradient().bytes();
    ByteBuffer squares = row.v().bytes();
    int atG = row.gradient().start(0);
    int atV = row.v().start(0);
    float beta = (float) step.beta2();
    float keep = (float) (1 - step.beta2());
    for (int i = from; i < to; i += LANES) {
      FloatVector g = load(gradients, atG + i).mul(factor);
      store(normal(load(squares, atV + i).mul(beta).add(g.mul(g).mul(keep))), squares, atV + i);
    }
  }

  private static void descend(AdamTensor row, int from, int to, AdamStep step) {
    ByteBuffer values = row.parameters().bytes();
    ByteBuffer means = row.m().bytes();
    ByteBuffer squares = row.v().bytes();
    int at = row.parameters().start(0);
    int atM = row.m().start(0);
    int atV = row.v().start(0);
    float rate = (float) step.correctedRate();
    float rootFactor = (float) step.rootFactor();
    float epsilon = (float) step.epsilon();
    for (int i = from; i < to; i += LANES) {
      FloatVector root = load(squares, atV + i).sqrt().mul(rootFactor);
      FloatVector way = load(means, atM + i).mul(rate).div(root.add(epsilon));
      store(load(values, at + i).sub(way), values, at + i);
    }
  }

  /** {@link Kernel#adamWithoutGradient} of one row. */
  static int adamWithoutGradient(AdamTensor row, List<AdamStep> steps) {
    ByteBuffer values = row.parameters().bytes();
    ByteBuffer means = row.m().bytes();
    ByteBuffer squares = row.v().bytes();
    int at = row.parameters().start(0);
    int atM = row.m().start(0);
    int atV = row.v().start(0);
    int end = SPECIES.loopBound(row.columns());
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
}
