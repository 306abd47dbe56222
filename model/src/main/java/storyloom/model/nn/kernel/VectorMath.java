package storyloom.model.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponential functions of vectors of the preferred width. exp is x = n·ln 2 + r, a polynomial in
 * r, and n added to the exponent bits (the Cephes library's expf, Moshier 1989): relative error
 * below 2e-7.
 */
final class VectorMath {

  /** exp of less than this is as good as 0 here, and would leave the range of the exponent bits. */
  private static final float SMALLEST = -87.3f;

  private static final float LARGEST = 88.3f;

  /** Adding 1.5·2^23 rounds to a whole number, which then stands in the low bits. */
  private static final float ROUND = 12582912f;

  private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
  private static final int MANTISSA_BITS = 23;
  private static final FloatVector LOG2_E_ALL = all(1.44269504088896341f);
  private static final FloatVector ROUND_ALL = all(ROUND);
  private static final FloatVector MINUS_LN2_HIGH = all(-0.693359375f);
  private static final FloatVector MINUS_LN2_LOW = all(2.12194440e-4f);
  private static final FloatVector P0 = all(1.9875691500e-4f);
  private static final FloatVector P1 = all(1.3981999507e-3f);
  private static final FloatVector P2 = all(8.3334519073e-3f);
  private static final FloatVector P3 = all(4.1665795894e-2f);
  private static final FloatVector P4 = all(1.6666665459e-1f);
  private static final FloatVector P5 = all(5.0000001201e-1f);

  private static final FloatVector ONE = all(1f);
  private static final FloatVector TWO = all(2f);
  private static final FloatVector MINUS_ONE = all(-1f);

  private VectorMath() {}

  private static FloatVector all(float number) {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, number);
  }

  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.max(SMALLEST).min(LARGEST);
    FloatVector rounded = bounded.fma(LOG2_E_ALL, ROUND_ALL);
    FloatVector n = rounded.sub(ROUND_ALL);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, bounded));
    FloatVector p = r.fma(P0, P1).fma(r, P2).fma(r, P3).fma(r, P4).fma(r, P5);
    FloatVector power = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent =
        rounded.reinterpretAsInts().sub(ROUND_BITS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return power.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /** tanh x = 2·sigmoid(2x) − 1. */
  static FloatVector tanh(FloatVector x) {
    return sigmoid(x.add(x)).fma(TWO, MINUS_ONE);
  }
}
