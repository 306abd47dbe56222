package storyloom.model.nn;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * How well decoder states fit encoder outputs: all states become queries and all outputs keys, and
 * then each pair of the batch has its queries compared with its keys.
 *
 * <p>One pair has T queries and S keys, [T,H] and [S,H]; its scores are [T,S].
 */
interface AttentionScore {

  /** From decoder states to queries. */
  Projection queries();

  /** From encoder outputs to keys. */
  Projection keys();

  /**
   * @param query [T,H]
   * @param key [S,H]
   * @param scratch [2S,H], overwritten
   * @param scores [T,S], written
   */
  void forward(Kernel kernel, Matrix query, Matrix key, Matrix scratch, Matrix scores);

  /** Before the first pair's {@link #backward}: clears gradients that all pairs add to. */
  void startBackward(Kernel kernel);

  /**
   * The reverse of {@link #forward}.
   *
   * @param query [T,H]
   * @param key [S,H]
   * @param dScores [T,S], the gradient by the scores
   * @param scratch [2S,H], overwritten
   * @param dQuery [T,H], added to
   * @param dKey [S,H], added to
   */
  void backward(
      Kernel kernel,
      Matrix query,
      Matrix key,
      Matrix dScores,
      Matrix scratch,
      Matrix dQuery,
      Matrix dKey);
}
