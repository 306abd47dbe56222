package storyloom.model.decode.network;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * What all steps of a story look at: its prompt after the encoder, in memory of its own, which
 * outlives those it was encoded beside.
 *
 * @param outputs [S,H], the encoder's
 * @param keys [S,H], what attention compares with; may be the outputs themselves
 * @param memory where both live
 */
record EncodedPrompt(Matrix outputs, Matrix keys, MatrixArena memory) implements AutoCloseable {

  /**
   * A copy of a prompt's outputs, and its keys.
   *
   * @param outputs [S,H]
   */
  static EncodedPrompt of(Matrix outputs, PromptAttention attention) {
    MatrixArena memory = new MatrixArena();
    Matrix own = memory.floats(outputs.rows(), outputs.columns());
    Kernel.of(outputs).copy(outputs, own);
    return new EncodedPrompt(own, attention.keys(own, memory), memory);
  }

  /** S, tokens of the prompt. */
  int length() {
    return outputs.rows();
  }

  @Override
  public void close() {
    memory.close();
  }
}
