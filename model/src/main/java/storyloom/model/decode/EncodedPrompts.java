package storyloom.model.decode;

import java.util.Arrays;
import java.util.List;
import storyloom.model.nn.Packing;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * Prompts after the encoder: for each row its outputs [S,H], one after the other, and its final
 * state at its true length. Rows are those of the batch; what is computed beside them never reaches
 * them, because every product runs over whole blocks of {@link #BLOCK} rows.
 */
final class EncodedPrompts {

  private final Matrix outputs;
  private final int[] starts;
  private final Matrix h;
  private final Matrix c;

  private EncodedPrompts(Matrix outputs, int[] starts, Matrix h, Matrix c) {
    this.outputs = outputs;
    this.starts = starts;
    this.h = h;
    this.c = c;
  }

  /** Runs the encoder over prompts of at least one token each. */
  static EncodedPrompts of(List<int[]> prompts, DecoderWeights weights, Arena arena) {
    Packing packing = Packing.of(prompts.stream().mapToInt(prompt -> prompt.length).toArray());
    int[] ids = packing.pack(prompts);
    int hidden = weights.encoder().recurrent().rows();
    int rows = wholeBlocks(prompts.size());
    Matrix x = arena.floats(rows, weights.promptEmbedding().columns());
    Matrix gates = arena.floats(rows, 4 * hidden);
    Matrix h = arena.floats(rows, hidden);
    Matrix c = arena.floats(rows, hidden);
    Matrix packed = arena.floats(packing.tokens(), hidden);
    Matrix finalH = arena.floats(rows, hidden);
    Matrix finalC = arena.floats(rows, hidden);
    Kernel kernel = Kernel.of(packed);
    List.of(x, h, c, finalH, finalC).forEach(kernel::clear);

    for (int t = 0; t < packing.steps(); t++) {
      int start = packing.start(t);
      int alive = packing.alive(t);
      int block = wholeBlocks(alive);
      int[] now = Arrays.copyOfRange(ids, start, start + alive);
      kernel.gatherRows(weights.promptEmbedding(), now, x.rows(0, alive));
      weights
          .encoder()
          .step(kernel, x.rows(0, block), h.rows(0, block), c.rows(0, block), gates.rows(0, block));
      kernel.copy(h.rows(0, alive), packed.rows(start, start + alive));
      int goingOn = t + 1 < packing.steps() ? packing.alive(t + 1) : 0;
      int[] ended = Arrays.copyOfRange(packing.order(), goingOn, alive);
      kernel.scatterRows(h.rows(goingOn, alive), ended, finalH);
      kernel.scatterRows(c.rows(goingOn, alive), ended, finalC);
    }
    return unpacked(packing, packed, finalH, finalC, arena);
  }

  private static EncodedPrompts unpacked(
      Packing packing, Matrix packed, Matrix finalH, Matrix finalC, Arena arena) {
    Matrix outputs = arena.floats(packed.rows(), packed.columns());
    int[] starts = new int[packing.rows() + 1];
    for (int row = 0; row < packing.rows(); row++) {
      starts[row + 1] = starts[row] + packing.length(row);
      Kernel.of(packed)
          .gatherRows(packed, packing.tokensOf(row), outputs.rows(starts[row], starts[row + 1]));
    }
    return new EncodedPrompts(outputs, starts, finalH, finalC);
  }

  /** The number of rows rounded up to whole blocks. */
  static int wholeBlocks(int rows) {
    return (rows + Kernel.BLOCK - 1) / Kernel.BLOCK * Kernel.BLOCK;
  }

  /** The encoder's outputs [S,H] for one prompt. */
  Matrix outputs(int row) {
    return outputs.rows(starts[row], starts[row + 1]);
  }

  /** The longest prompt's length. */
  int longest() {
    int longest = 0;
    for (int row = 0; row + 1 < starts.length; row++) {
      longest = Math.max(longest, starts[row + 1] - starts[row]);
    }
    return longest;
  }

  /** Final h of each row, in whole blocks of rows; decoding overwrites it. */
  Matrix h() {
    return h;
  }

  /** Final c of each row, in whole blocks of rows; decoding overwrites it. */
  Matrix c() {
    return c;
  }
}
