package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential functions of vectors of the preferred width, by the polynomial of {@link FloatLoops};
 * 2ⁿ is made of n's bits.
 *
 * <p>HotSpot inlines some 8,000 bytes of bytecode into a method, of which each operation on a
 * vector takes 400 and an exponential 6,000. Beyond them it no longer knows which kind of vector an
 * operation gives, and allocates it on the heap. So a loop has one exponential at most and little
 * else, and loops that have more to do go over their numbers several times, near the processor.
 */
public final class VectorMath {

  /** exp of less than this is as good as 0 here, and would leave the range of the exponent bits. */
  private static final FloatVector SMALLEST = all(-87.3f);

  private static final FloatVector LARGEST = all(88.3f);

  private static final int MANTISSA_BITS = 23;

  /** Of the exponent's bits: 0 stands for 2⁻¹²⁷. */
  private static final int BIAS = 127;

  private static final FloatVector LOG2_E = all(FloatLoops.LOG2_E);

  /** With the bias, n + 127 stands in the low bits once it is added. */
  private static final FloatVector ROUND = all(FloatLoops.ROUND + BIAS);

  private static final FloatVector MINUS_LN2_HIGH = all(-FloatLoops.LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOW = all(-FloatLoops.LN2_LOW);
  private static final FloatVector P0 = all(FloatLoops.P0);
  private static final FloatVector P1 = all(FloatLoops.P1);
  private static final FloatVector P2 = all(FloatLoops.P2);
  private static final FloatVector P3 = all(FloatLoops.P3);
  private static final FloatVector P4 = all(FloatLoops.P4);
  private static final FloatVector P5 = all(FloatLoops.P5);

  static final FloatVector ONE = all(1f);
  private static final FloatVector TWO = all(2f);
  private static final FloatVector MINUS_ONE = all(-1f);

  /** Vectors of the preferred width. */
  public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  public static final int LANES = SPECIES.length();

  static {
    VectorInlining.direct();
  }

  private VectorMath() {}

  /** The floats from the {@code at}-th on. */
  static FloatVector load(ByteBuffer bytes, int at) {
    return FloatVector.fromByteBuffer(SPECIES, bytes, at * Float.BYTES, ByteOrder.nativeOrder());
  }

  /** The reverse of {@link #load}. */
  static void store(FloatVector vector, ByteBuffer bytes, int at) {
    vector.intoByteBuffer(bytes, at * Float.BYTES, ByteOrder.nativeOrder());
  }

  private static FloatVector all(float number) {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, number);
  }

  /**
   * The larger of two numbers, the first where one is NaN. {@link FloatVector#max} asks for NaN and
   * the sign of 0 besides, which takes several times as long.
   */
  static FloatVector max(FloatVector a, FloatVector b) {
    return a.blend(b, b.compare(VectorOperators.GT, a));
  }

  /** The smaller of two numbers, the first where one is NaN. */
  private static FloatVector min(FloatVector a, FloatVector b) {
    return a.blend(b, b.compare(VectorOperators.LT, a));
  }

  /** exp(x); numbers above 88.3 count as 88.3, those below −87.3 as −87.3. */
  public static FloatVector exp(FloatVector x) {
    return expOfBounded(min(x, LARGEST));
  }

  /**
   * exp of numbers that are known not to be large, which saves looking, a quarter of the time.
   *
   * @param x at most 88.3
   */
  static FloatVector expOfBounded(FloatVector x) {
    FloatVector bounded = max(x, SMALLEST);
    FloatVector rounded = bounded.fma(LOG2_E, ROUND);
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, bounded));
    FloatVector p = r.fma(P0, P1).fma(r, P2).fma(r, P3).fma(r, P4).fma(r, P5);
    FloatVector power = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return exponent.reinterpretAsFloats().mul(power);
  }

  /**
   * 1 / (1 + exp(−x)), the sigmoid of x.
   *
   * @param power exp(−x)
   */
  public static FloatVector sigmoidOf(FloatVector power) {
    return ONE.div(power.add(ONE));
  }

  /**
   * 2 / (1 + exp(−2x)) − 1, which is tanh x.
   *
   * @param power exp(−2x)
   */
  static FloatVector tanhOf(FloatVector power) {
    return sigmoidOf(power).fma(TWO, MINUS_ONE);
  }
}
