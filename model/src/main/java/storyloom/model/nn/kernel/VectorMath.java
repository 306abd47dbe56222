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
  private static final float LOG2_E = 1.44269504088896341f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private static final FloatVector ONE = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1f);

  private VectorMath() {}

  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.max(SMALLEST).min(LARGEST);
    FloatVector rounded = bounded.mul(LOG2_E).add(ROUND);
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = bounded.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
    FloatVector p =
        r.mul(1.9875691500e-4f)
            .add(1.3981999507e-3f)
            .mul(r)
            .add(8.3334519073e-3f)
            .mul(r)
            .add(4.1665795894e-2f)
            .mul(r)
            .add(1.6666665459e-1f)
            .mul(r)
            .add(5.0000001201e-1f);
    FloatVector power = p.mul(r).mul(r).add(r).add(1f);
    IntVector exponent =
        rounded.reinterpretAsInts().sub(ROUND_BITS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return power.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(1f));
  }

  /** tanh x = 2·sigmoid(2x) − 1. */
  static FloatVector tanh(FloatVector x) {
    return sigmoid(x.add(x)).mul(2f).sub(1f);
  }
}
