package storyloom.model.decode.network;

import java.util.List;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;

/**
 * Prompts after the encoder, as {@link PromptEncoder} makes them.
 *
 * @param packing the prompts' lengths
 * @param byRow the last layer's outputs [M,H], row after row
 * @param states for each layer the final state of all rows
 */
record EncodedPrompts(Packing packing, Matrix byRow, List<State> states) {

  /** State of one layer: h and c, [m,H]. */
  record State(Matrix h, Matrix c) {

    /** Zeros. */
    static State of(int rows, int hidden, MatrixArena arena) {
      State state = new State(arena.floats(rows, hidden), arena.floats(rows, hidden));
      Kernel kernel = Kernel.of(state.h);
      kernel.clear(state.h);
      kernel.clear(state.c);
      return state;
    }

    /** Some of the rows. */
    State rows(int from, int to) {
      return new State(h.rows(from, to), c.rows(from, to));
    }

    /** Some of the columns. */
    State columns(int from, int to) {
      return new State(h.columns(from, to), c.columns(from, to));
    }
  }

  /** The encoder's outputs [S,H] for one prompt. */
  Matrix outputs(int row) {
    return packing.rows(byRow, row);
  }
}
