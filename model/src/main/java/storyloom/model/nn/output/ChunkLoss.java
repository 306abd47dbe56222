package storyloom.model.nn.output;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.loss.TokenLosses;

/** The loss of some tokens and its gradient by their logits, chunk by chunk through one pass. */
interface ChunkLoss {

  /** Softmax cross-entropy with this share of label smoothing. */
  static ChunkLoss smoothed(double labelSmoothing) {
    return (kernel, from, logits, bias, targets, scale) ->
        kernel.softmaxCrossEntropy(logits, bias, targets, scale, labelSmoothing);
  }

  /**
   * Begins a pass.
   *
   * @param targets N ids
   * @return room for the losses of all N
   */
  default TokenLosses start(int[] targets) {
    return TokenLosses.of(targets.length);
  }

  /**
   * The losses of a chunk.
   *
   * @param from which of the N tokens is the first of the chunk
   * @param logits [m,C], bias not yet added; the gradient by them, times {@code scale}, out
   * @param bias [1,C]
   * @param targets of the chunk, m ids
   * @param scale factor of all gradients; 0 where only the losses are wanted
   */
  TokenLosses of(Kernel kernel, int from, Matrix logits, Matrix bias, int[] targets, double scale);
}
