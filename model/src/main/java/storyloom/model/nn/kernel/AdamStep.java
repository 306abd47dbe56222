package storyloom.model.nn.kernel;

/**
 * What one update of Adam needs besides parameters, gradient and moments.
 *
 * <pre>
 *   m          = β1·m + (1 − β1)·g
 *   v          = β2·v + (1 − β2)·g²
 *   parameters = parameters − rate / (1 − β1ᵗ) · m / (√v / √(1 − β2ᵗ) + ε)
 * </pre>
 *
 * <p>ε is added behind the bias correction, as by PyTorch's {@code torch.optim.Adam} and in
 * algorithm 1 of Kingma and Ba 2015; ND4J's own Adam adds it before (their §2, "ε hat"). Moments
 * below the smallest normal float become 0: they change no parameter, but processors take a hundred
 * times as long for them.
 *
 * @param beta1 β1, decay of the mean gradient
 * @param beta2 β2, decay of the mean squared gradient
 * @param epsilon ε, keeps the divisor from 0
 * @param correctedRate rate / (1 − β1ᵗ)
 * @param rootFactor 1 / √(1 − β2ᵗ)
 */
public record AdamStep(
    double beta1, double beta2, double epsilon, double correctedRate, double rootFactor) {

  /**
   * @param rate learning rate
   * @param number t, the number of this update, counted from 1
   * @throws IllegalArgumentException if updates are not counted from 1
   */
  public static AdamStep of(double rate, double beta1, double beta2, double epsilon, long number) {
    if (number < 1) {
      throw new IllegalArgumentException("updates are counted from 1, this is number " + number);
    }
    return new AdamStep(
        beta1,
        beta2,
        epsilon,
        rate / correction(beta1, number),
        1 / Math.sqrt(correction(beta2, number)));
  }

  /** Math.pow may round differently once compiled, StrictMath's never does. */
  private static double correction(double beta, long number) {
    return 1 - StrictMath.pow(beta, number);
  }
}
