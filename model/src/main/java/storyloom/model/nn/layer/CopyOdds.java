package storyloom.model.nn.layer;

/**
 * How a token's vocabulary and the words of its prompt are weighed, as natural logarithms:
 *
 * <pre>
 *   p(w) = v·p_vocabulary(w) + r·share(w),  r = 1 − σ(z),  v = σ(z) + r·share of the marks
 * </pre>
 *
 * @param ofVocabulary ln v
 * @param ofPrompt ln r
 */
public record CopyOdds(double ofVocabulary, double ofPrompt) {

  /**
   * @param z the gate's, of any size
   * @param ofMarks share of the attention that is on marks
   */
  public static CopyOdds of(double z, double ofMarks) {
    double rest = logOfShare(-z);
    return new CopyOdds(logOfSum(logOfShare(z), rest + Math.log(ofMarks)), rest);
  }

  /** ln σ(z). */
  private static double logOfShare(double z) {
    return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
  }

  /** ln(eᵃ + eᵇ). */
  public static double logOfSum(double a, double b) {
    double most = Math.max(a, b);
    return most == Double.NEGATIVE_INFINITY
        ? most
        : most + Math.log1p(Math.exp(Math.min(a, b) - most));
  }
}
