package storyloom.model.nn.output;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.kernel.Matrix;

/**
 * Memory for the length of one pass through an output layer.
 *
 * @param workspaces where it comes from
 * @param kind forward or backward working memory
 * @param type float or double
 * @param chunk most tokens whose logits stand in memory together
 * @param bfloat16 whether the factors of products are rounded to bfloat16
 */
record ScratchMemory(
    LayerWorkspaceMgr workspaces, ArrayType kind, DataType type, int chunk, boolean bfloat16) {

  /** A matrix, not cleared, until the pass ends. */
  Matrix matrix(long rows, long columns) {
    return Matrix.of(workspaces.createUninitialized(kind, type, new long[] {rows, columns}, 'c'));
  }
}
