package storyloom.model.nn.attention;

import java.util.function.LongFunction;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.Parameter;

/**
 * {@link BlockLoops#norm} of all tokens, on several threads, with its gradients. PyTorch: {@code
 * LayerNorm}.
 *
 * @param gain [1,W]
 * @param bias [1,W]
 */
record LayerNorm(Parameter gain, Parameter bias) {

  /** Tokens whose gradients are added up together, whatever the threads. */
  private static final int BLOCK = 256;

  /** Tokens that are worth waking a thread for. */
  private static final int LEAST = 64;

  /**
   * @param x [N,W]
   * @param y [N,W], written
   */
  void forward(Matrix x, Matrix y) {
    BlockLoops loops = BlockLoops.of(x);
    Parallel.over(
        x.rows(),
        LEAST,
        (from, to) -> loops.norm(x.rows(from, to), gain.value(), bias.value(), y.rows(from, to)));
  }

  /**
   * The reverse of {@link #forward}; the gradients of gain and bias are written.
   *
   * @param x [N,W]
   * @param dy [N,W], the gradient by y
   * @param dx [N,W], added to
   * @param scratch a number of rows → [rows,W], not cleared
   */
  void backward(Kernel kernel, Matrix x, Matrix dy, Matrix dx, LongFunction<Matrix> scratch) {
    BlockLoops loops = BlockLoops.of(x);
    int blocks = (x.rows() + BLOCK - 1) / BLOCK;
    Matrix gains = scratch.apply(blocks);
    Matrix biases = scratch.apply(blocks);
    kernel.clear(gains);
    kernel.clear(biases);
    Parallel.each(
        blocks,
        block -> {
          int from = block * BLOCK;
          int to = Math.min(from + BLOCK, x.rows());
          loops.normBackward(
              x.rows(from, to),
              gain.value(),
              dy.rows(from, to),
              gains.rows(block, block + 1),
              biases.rows(block, block + 1),
              dx.rows(from, to));
        });
    writeSum(kernel, gains, gain.gradient());
    writeSum(kernel, biases, bias.gradient());
  }

  private static void writeSum(Kernel kernel, Matrix parts, Matrix gradient) {
    kernel.clear(gradient);
    kernel.addColumnSums(parts, gradient);
  }
}
