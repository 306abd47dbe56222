package storyloom.model.nn.layer;

import java.util.function.IntFunction;
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
   * Takes the memory that the pairs of one forward pass need.
   *
   * @param memory a number of rows → [rows,H], not cleared
   */
  default void startForward(Packing prompts, IntFunction<Matrix> memory) {}

  /**
   * @param row the pair's row of the batch; pairs may run at the same time
   * @param query [T,H]
   * @param key [S,H]
   * @param scores [T,S], written
   */
  void forward(Kernel kernel, int row, Matrix query, Matrix key, Matrix scores);

  /** As {@link #startForward}, for one backward pass. */
  default void startBackward(Packing prompts, IntFunction<Matrix> memory) {}

  /**
   * The reverse of {@link #forward}.
   *
   * @param row the pair's row of the batch; pairs may run at the same time
   * @param query [T,H]
   * @param key [S,H]
   * @param dScores [T,S], the gradient by the scores
   * @param dQuery [T,H], added to
   * @param dKey [S,H], added to
   */
  void backward(
      Kernel kernel, int row, Matrix query, Matrix key, Matrix dScores, Matrix dQuery, Matrix dKey);

  /** After the last pair's {@link #backward}: writes the gradients that all pairs add to. */
  default void finishBackward(Kernel kernel) {}
}
