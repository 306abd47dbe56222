package storyloom.model.decode.search;

import java.util.Arrays;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.text.token.Vocabulary;

/**
 * A story that is being written. Immutable; whoever holds one must not change its tokens.
 *
 * @param tokens so far
 * @param logProb sum of their log probabilities under the model as it is
 * @param score sum of their log probabilities as constraints change them
 * @param parent which of the hypotheses before the last step it continues
 */
public record Hypothesis(int[] tokens, double logProb, double score, int parent) {

  /**
   * A token that may continue a hypothesis.
   *
   * @param logProb under the model as it is
   * @param score as constraints change it
   */
  public record Next(int token, double logProb, double score) {

    static Next of(int token, NextTokenLogits logits) {
      return new Next(token, logits.logProb(token), logits.score(token));
    }
  }

  /** What every search begins with: no token. */
  public static final Hypothesis EMPTY = new Hypothesis(new int[0], 0, 0, 0);

  /** The token the decoder reads next. */
  public int last() {
    return tokens.length == 0 ? Vocabulary.START : tokens[tokens.length - 1];
  }

  /** This hypothesis and one token more. */
  Hypothesis with(Next next, int number) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = next.token();
    return new Hypothesis(longer, logProb + next.logProb(), score + next.score(), number);
  }

  /** The story that ends here because it must not grow. */
  DecodedStory cut() {
    return new DecodedStory(tokens, logProb / tokens.length, FinishReason.LENGTH);
  }

  /**
   * The story that ends here.
   *
   * @param end {@code <end>}
   */
  DecodedStory ended(Next end) {
    return new DecodedStory(
        tokens, (logProb + end.logProb()) / (tokens.length + 1), FinishReason.END);
  }
}
