package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential functions of vectors of the preferred width, by the polynomial of {@link FloatLoops};
 * n is added to the exponent's bits.
 */
public final class VectorMath {

  /** exp of less than this is as good as 0 here, and would leave the range of the exponent bits. */
  private static final FloatVector SMALLEST = all(-87.3f);

  private static final FloatVector LARGEST = all(88.3f);

  private static final int ROUND_BITS = Float.floatToRawIntBits(FloatLoops.ROUND);
  private static final int MANTISSA_BITS = 23;
  private static final FloatVector LOG2_E = all(FloatLoops.LOG2_E);
  private static final FloatVector ROUND = all(FloatLoops.ROUND);
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

  static FloatVector exp(FloatVector x) {
    return expOfBounded(min(x, LARGEST));
  }

  /**
   * exp of numbers that are known not to be large, which saves looking, a quarter of the time.
   *
   * @param x at most 88.3
   */
  public static FloatVector expOfBounded(FloatVector x) {
    FloatVector bounded = max(x, SMALLEST);
    FloatVector rounded = bounded.fma(LOG2_E, ROUND);
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, bounded));
    FloatVector p = r.fma(P0, P1).fma(r, P2).fma(r, P3).fma(r, P4).fma(r, P5);
    FloatVector power = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent =
        rounded.reinterpretAsInts().sub(ROUND_BITS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return power.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /** 1 / (1 + exp(−x)). */
  public static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /** tanh x = 2·sigmoid(2x) − 1. */
  static FloatVector tanh(FloatVector x) {
    return sigmoid(x.add(x)).fma(TWO, MINUS_ONE);
  }
}
