package storyloom.model.nn.output;

import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.loss.TokenLosses;

/** A distribution over V tokens for each row of an input, for the length of one pass. */
interface TokenDistribution {

  /**
   * Forward and backward in one.
   *
   * @param x [N,I]
   * @param targets N ids
   * @param scale factor of all gradients
   * @param dx [N,I], the gradient by x, written
   */
  TokenLosses learn(Matrix x, int[] targets, double scale, Matrix dx);

  /** The losses alone; {@link TokenLosses#tally} then counts the likeliest tokens exactly. */
  TokenLosses score(Matrix x, int[] targets);

  /**
   * Numbers whose softmax is the distribution.
   *
   * @param x [N,I]
   * @param logits [N,V], written
   */
  void logits(Matrix x, Matrix logits);
}
