package storyloom.model.nn.loss;

import java.util.Arrays;

/**
 * Cross-entropy of some tokens, each by itself, in natural logarithms.
 *
 * @param nll −ln p of each target
 * @param least −ln p of the likeliest token; at least {@code nll} only where that is the target
 * @param mean mean of −ln p over all tokens of the vocabulary; meaningful only where labels are
 *     smoothed
 * @param pooled as {@code nll}, but of a word outside of the vocabulary −ln p that it is any such
 *     word; the same numbers where the model does not copy
 */
public record TokenLosses(double[] nll, double[] least, double[] mean, double[] pooled) {

  /** Room for some tokens of a model that does not copy, zeros at first. */
  public static TokenLosses of(int tokens) {
    double[] nll = new double[tokens];
    return new TokenLosses(nll, new double[tokens], new double[tokens], nll);
  }

  /** Room for some tokens of a model that copies, zeros at first. */
  public static TokenLosses ofCopying(int tokens) {
    return new TokenLosses(
        new double[tokens], new double[tokens], new double[tokens], new double[tokens]);
  }

  /** How many tokens there are. */
  public int tokens() {
    return nll.length;
  }

  /** Fills the place of one token from its logits. */
  public void set(int token, double logSum, double target, double largest, double mean) {
    this.nll[token] = logSum - target;
    this.least[token] = logSum - largest;
    this.mean[token] = logSum - mean;
  }

  /** Puts the losses of other tokens where they belong: at {@code from} and after. */
  public void put(int from, TokenLosses some) {
    System.arraycopy(some.nll, 0, nll, from, some.tokens());
    System.arraycopy(some.least, 0, least, from, some.tokens());
    System.arraycopy(some.mean, 0, mean, from, some.tokens());
    System.arraycopy(some.pooled, 0, pooled, from, some.tokens());
  }

  /**
   * Adds the losses of a second choice that some tokens take.
   *
   * @param at for each of {@code some} which of these tokens it is
   */
  public void add(int[] at, TokenLosses some) {
    for (int i = 0; i < at.length; i++) {
      nll[at[i]] += some.nll[i];
      least[at[i]] += some.least[i];
      mean[at[i]] += some.mean[i];
    }
  }

  /** What the tokens add up to; a target counts as correct where nothing is likelier. */
  public LossTally tally() {
    long correct = 0;
    for (int token = 0; token < nll.length; token++) {
      correct += nll[token] <= least[token] ? 1 : 0;
    }
    return new LossTally(
        Arrays.stream(pooled).sum(), nll.length, correct, Arrays.stream(nll).sum());
  }

  /**
   * What some of the tokens add up to.
   *
   * @param tokens which ones
   */
  public LossTally tally(int[] tokens) {
    return new LossTally(
        Arrays.stream(tokens).mapToDouble(token -> pooled[token]).sum(),
        tokens.length,
        Arrays.stream(tokens).filter(token -> nll[token] <= least[token]).count(),
        Arrays.stream(tokens).mapToDouble(token -> nll[token]).sum());
  }

  /** Summed loss with this share of label smoothing. */
  public double smoothed(double smoothing) {
    double sum = 0;
    for (int token = 0; token < nll.length; token++) {
      sum += (1 - smoothing) * nll[token] + smoothing * mean[token];
    }
    return sum;
  }
}
