package storyloom.model.nn.output;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
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

  /**
   * Memory for the length of one pass through an output layer.
   *
   * @param workspaces where it comes from
   * @param kind forward or backward working memory
   * @param type float or double
   * @param chunk most tokens whose logits stand in memory together
   * @param bfloat16 whether the factors of products are rounded to bfloat16
   */
  record Scratch(
      LayerWorkspaceMgr workspaces, ArrayType kind, DataType type, int chunk, boolean bfloat16) {

    /** A matrix, not cleared, until the pass ends. */
    Matrix matrix(long rows, long columns) {
      return Matrix.of(workspaces.createUninitialized(kind, type, new long[] {rows, columns}, 'c'));
    }
  }
}
