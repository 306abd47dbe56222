package storyloom.model.decode;

import java.util.List;
import java.util.stream.IntStream;
import storyloom.model.decode.EncodedPrompts.State;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * The decoder of a batch of prompts, one token of each row at a time. A prompt has one row at
 * first; {@link #keep} gives it more, fewer or none. All of it is as the graph computes it, and
 * what a row gets depends on its prompt and its own tokens alone.
 */
final class Unrolling {

  private final DecoderWeights weights;
  private final Kernel kernel;
  private final List<State> states;
  private final StepFeatures features;
  private final Matrix x;
  private final Matrix gates;
  private final Matrix scratch;
  private final Matrix logits;
  private final Matrix moved;
  private int[] prompts;
  private double[] logSums;

  /**
   * Encodes the prompts.
   *
   * @param ids of the prompts, at least one token each
   * @param capacity most rows at a time, at least one for each prompt
   * @param arena where all of it lives
   */
  Unrolling(List<int[]> ids, int capacity, DecoderWeights weights, Arena arena) {
    this.weights = weights;
    int hidden = weights.hidden();
    EncodedPrompts encoded = PromptEncoder.encode(ids, capacity, weights, arena);
    states = encoded.states();
    features = new StepFeatures(weights.attention(), encoded, capacity, arena);
    kernel = Kernel.of(weights.storyEmbedding());
    x = arena.floats(capacity, weights.storyEmbedding().columns());
    gates = arena.floats(capacity, 4 * hidden);
    scratch = arena.floats(capacity, Math.max(1, weights.output().scratchColumns()));
    logits = arena.floats(capacity, weights.output().vocabulary());
    moved = arena.floats(capacity, hidden);
    prompts = IntStream.range(0, ids.size()).toArray();
  }

  /**
   * One step of all rows.
   *
   * @param tokens the token that each row wrote last
   * @return [m,V], the logits of the next one, until the next step
   */
  Matrix step(int[] tokens) {
    int rows = tokens.length;
    kernel.gatherRows(weights.storyEmbedding(), tokens, x.rows(0, rows));
    Matrix below = x.rows(0, rows);
    for (int layer = 0; layer < states.size(); layer++) {
      State state = states.get(layer).rows(rows);
      weights.decoder().get(layer).step(kernel, below, state, gates.rows(0, rows));
      below = state.h();
    }
    Matrix next = logits.rows(0, rows);
    Matrix[] read = features.of(below, prompts);
    logSums = weights.output().logits(kernel, read, scratch.rows(0, rows), next);
    return next;
  }

  /** What turns a row's logits of the last step into log probabilities: ln Σ exp of them. */
  double logSum(int row) {
    return logSums[row];
  }

  /**
   * How much a row of the last step looked at each token of its prompt; to be asked for before
   * {@link #keep}.
   *
   * @return [S], 1 in all; empty where the model has no attention
   */
  float[] attention(int row) {
    return features.weights(row, prompts[row]);
  }

  /**
   * Goes on with other rows.
   *
   * @param rows for each row from now on, which one of the rows so far it goes on from
   */
  void keep(int[] rows) {
    boolean stay = true;
    int[] own = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      own[i] = prompts[rows[i]];
      stay &= rows[i] == i;
    }
    prompts = own;
    if (stay) {
      return;
    }
    Matrix front = moved.rows(0, rows.length);
    for (State state : states) {
      for (Matrix each : List.of(state.h(), state.c())) {
        kernel.gatherRows(each, rows, front);
        kernel.copy(front, each.rows(0, rows.length));
      }
    }
  }
}
