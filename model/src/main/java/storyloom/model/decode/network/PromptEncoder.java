package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import storyloom.model.decode.network.DecoderWeights.Lstm;
import storyloom.model.decode.network.DecoderWeights.State;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;

/**
 * Runs the encoder over a batch of prompts, layer by layer and step by step. What is computed for
 * one prompt never reaches another.
 */
final class PromptEncoder {

  /**
   * Prompts after the encoder, packed.
   *
   * @param packing the prompts' lengths
   * @param byRow the last layer's outputs [M,H], row after row
   * @param states for each layer the final state of all rows
   */
  record Encoded(Packing packing, Matrix byRow, List<State> states) {

    /** The encoder's outputs [S,H] for one prompt. */
    Matrix outputs(int row) {
      return packing.rows(byRow, row);
    }
  }

  private final Packing packing;
  private final MatrixArena arena;
  private final Kernel kernel;

  private PromptEncoder(Packing packing, Kernel kernel, MatrixArena arena) {
    this.packing = packing;
    this.arena = arena;
    this.kernel = kernel;
  }

  /**
   * @param prompts at least one token each
   * @param arena where all that is returned lives
   */
  static Encoded encode(List<int[]> prompts, DecoderWeights weights, MatrixArena arena) {
    Packing packing = Packing.of(prompts.stream().mapToInt(prompt -> prompt.length).toArray());
    Kernel kernel = Kernel.of(weights.promptEmbedding());
    PromptEncoder encoder = new PromptEncoder(packing, kernel, arena);
    Matrix below = arena.floats(packing.tokens(), weights.promptEmbedding().columns());
    kernel.gatherRows(weights.promptEmbedding(), weights.known(packing.pack(prompts)), below);
    List<State> states = new ArrayList<>();
    for (List<Lstm> layer : weights.encoder()) {
      State state = State.of(prompts.size(), weights.hidden(), arena);
      below = encoder.layer(layer, below, state);
      states.add(state);
    }
    Matrix byRow = arena.floats(below.rows(), below.columns());
    kernel.gatherRows(below, packing.byRow(), byRow);
    return new Encoded(packing, byRow, states);
  }

  /**
   * @param below packed [M,E]
   * @param state written
   * @return packed [M,H], the directions side by side
   */
  private Matrix layer(List<Lstm> directions, Matrix below, State state) {
    Lstm forward = directions.get(0);
    Matrix outputs = arena.floats(below.rows(), state.h().columns());
    int[] inOrder = IntStream.range(0, packing.tokens()).toArray();
    int width = forward.hidden();
    read(forward, below, inOrder, outputs.columns(0, width), state.columns(0, width));
    if (directions.size() > 1) {
      int both = 2 * width;
      Matrix reverseOutputs = outputs.columns(width, both);
      read(
          directions.get(1), below, packing.reversal(), reverseOutputs, state.columns(width, both));
    }
    return outputs;
  }

  /**
   * @param order which packed token is read where the packing has its first, second and so on
   * @param outputs packed, written where the tokens stand
   * @param last written: each row's state after its last step
   */
  private void read(Lstm lstm, Matrix below, int[] order, Matrix outputs, State last) {
    int rows = packing.rows();
    Matrix x = arena.floats(rows, lstm.inputs());
    Matrix gates = arena.floats(rows, 4 * lstm.hidden());
    State state = State.of(rows, lstm.hidden(), arena);
    for (int t = 0; t < packing.steps(); t++) {
      int start = packing.start(t);
      int alive = packing.alive(t);
      int[] now = Arrays.copyOfRange(order, start, start + alive);
      State going = state.rows(0, alive);
      kernel.gatherRows(below, now, x.rows(0, alive));
      lstm.step(kernel, x.rows(0, alive), going, gates.rows(0, alive));
      kernel.scatterRows(going.h(), now, outputs);
      int goingOn = t + 1 < packing.steps() ? packing.alive(t + 1) : 0;
      int[] ended = Arrays.copyOfRange(packing.order(), goingOn, alive);
      kernel.scatterRows(going.h().rows(goingOn, alive), ended, last.h());
      kernel.scatterRows(going.c().rows(goingOn, alive), ended, last.c());
    }
  }
}
