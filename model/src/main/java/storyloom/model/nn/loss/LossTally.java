package storyloom.model.nn.loss;

import java.io.Serializable;

/**
 * What a pass over story tokens adds up to.
 *
 * @param nll summed negative log-likelihood of the tokens, natural logarithm; where the model
 *     copies, all words outside of the vocabulary count as one, {@code <OOV>}
 * @param tokens how many there were, {@code <end>} included, padding excluded
 * @param correct how many the model thought at least as likely as any other
 * @param ownNll as {@code nll}, but of a copied word its own; the same where the model does not
 *     copy
 */
public record LossTally(double nll, long tokens, long correct, double ownNll)
    implements Serializable {

  /** Nothing seen yet. */
  public static final LossTally NONE = new LossTally(0, 0, 0);

  /** Of a model that does not copy. */
  public LossTally(double nll, long tokens, long correct) {
    this(nll, tokens, correct, nll);
  }

  /** Both together. */
  public LossTally plus(LossTally other) {
    return new LossTally(
        nll + other.nll, tokens + other.tokens, correct + other.correct, ownNll + other.ownNll);
  }

  /** Mean negative log-likelihood per token; NaN without tokens. */
  public double loss() {
    return nll / tokens;
  }

  /** exp of the loss: among how many tokens the model hesitates on average. */
  public double perplexity() {
    return Math.exp(loss());
  }

  /** Share of the tokens that the model thought the likeliest; NaN without tokens. */
  public double accuracy() {
    return (double) correct / tokens;
  }
}
