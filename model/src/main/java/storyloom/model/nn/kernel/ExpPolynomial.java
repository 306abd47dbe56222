package storyloom.model.nn.kernel;

/**
 * The numbers of exp x = 2ⁿ·eʳ with n = x / ln 2, rounded, r = x − n·ln 2 and eʳ ≈ 1 + r + r²·(P5 +
 * P4·r + … + P0·r⁵): relative error below 2e-7 (the Cephes library's expf, Moshier 1989).
 */
final class ExpPolynomial {

  /** Adding 1.5·2²³ rounds to a whole number, which then stands in the low bits. */
  static final float ROUND = 12582912f;

  static final float LOG2_E = 1.44269504088896341f;

  /** ln 2 in two parts, the first of few bits, so that n times it is exact. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  static final float P0 = 1.9875691500e-4f;
  static final float P1 = 1.3981999507e-3f;
  static final float P2 = 8.3334519073e-3f;
  static final float P3 = 4.1665795894e-2f;
  static final float P4 = 1.6666665459e-1f;
  static final float P5 = 5.0000001201e-1f;

  private ExpPolynomial() {}
}
