package storyloom.model.nn.kernel;

/**
 * What one update of Adam needs besides gradient and moments.
 *
 * <pre>
 *   m      = β1·m + (1 − β1)·g
 *   v      = β2·v + (1 − β2)·g²
 *   update = rate / (1 − β1ᵗ) · m / (√v / √(1 − β2ᵗ) + ε)
 * </pre>
 *
 * <p>ε is added behind the bias correction, as by PyTorch's {@code torch.optim.Adam} and in
 * algorithm 1 of Kingma and Ba 2015; ND4J's own Adam adds it before (their §2, "ε hat").
 *
 * @param rate learning rate
 * @param beta1 β1, decay of the mean gradient
 * @param beta2 β2, decay of the mean squared gradient
 * @param epsilon ε, keeps the divisor from 0
 * @param number t, the number of this update, counted from 1
 */
public record AdamStep(double rate, double beta1, double beta2, double epsilon, long number) {

  /**
   * @throws IllegalArgumentException if updates are not counted from 1
   */
  public AdamStep {
    if (number < 1) {
      throw new IllegalArgumentException("updates are counted from 1, this is number " + number);
    }
  }

  /** rate / (1 − β1ᵗ). */
  double correctedRate() {
    return rate / correction(beta1);
  }

  /** 1 / √(1 − β2ᵗ). */
  double rootFactor() {
    return 1 / Math.sqrt(correction(beta2));
  }

  /** Math.pow may round differently once compiled, StrictMath's never does. */
  private double correction(double beta) {
    return 1 - StrictMath.pow(beta, number);
  }
}
