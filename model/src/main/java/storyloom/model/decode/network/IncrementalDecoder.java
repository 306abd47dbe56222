package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import storyloom.model.decode.network.DecoderWeights.State;
import storyloom.model.decode.network.PromptAttention.EncodedPrompt;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.CopyWords;
import storyloom.model.nn.output.StepLogits;

/**
 * The step of the LSTM: for each layer the state (h,c) of all rows, and the encoder's outputs of
 * each row's prompt. The equations are those of {@link storyloom.model.nn.Seq2SeqGraph}, with
 * dropout off.
 */
final class IncrementalDecoder implements StepDecoder {

  private final DecoderWeights weights;
  private final Kernel kernel;
  private final MatrixPool pool = new MatrixPool();
  private final MatrixArena arena = new MatrixArena(pool);
  private final List<State> states = new ArrayList<>();
  private final StepFeatures features;
  private final Matrix x;
  private final Matrix gates;
  private final Matrix scratch;
  private final Matrix logits;
  private final Matrix gate;
  private final Matrix moved;

  /** Of each row, which prompt is its own. */
  private List<EncodedPrompt> prompts = List.of();

  /**
   * A decoder without rows.
   *
   * @param capacity most rows at a time
   * @param longest prompt, in tokens
   */
  IncrementalDecoder(DecoderWeights weights, int capacity, int longest) {
    this.weights = weights;
    int hidden = weights.hidden();
    for (int layer = 0; layer < weights.decoder().size(); layer++) {
      states.add(State.of(capacity, hidden, arena));
    }
    features = new StepFeatures(weights.attention(), hidden, longest, capacity, arena);
    kernel = Kernel.of(weights.storyEmbedding());
    x = arena.floats(capacity, weights.storyEmbedding().columns());
    gates = arena.floats(capacity, 4 * hidden);
    scratch = arena.floats(capacity, Math.max(1, weights.output().scratchColumns()));
    logits =
        arena.floats(capacity, weights.vocabulary() + (weights.copy().isPresent() ? longest : 0));
    gate = arena.floats(capacity, 1);
    moved = arena.floats(capacity, hidden);
  }

  @Override
  public void start(List<int[]> ids) {
    int first = prompts.size();
    List<EncodedPrompt> all = new ArrayList<>(prompts);
    try (MatrixArena whileEncoding = new MatrixArena(pool)) {
      PromptEncoder.Encoded encoded = PromptEncoder.encode(ids, weights, whileEncoding);
      for (int layer = 0; layer < states.size(); layer++) {
        State from = encoded.states().get(layer);
        State to = states.get(layer).rows(first, first + ids.size());
        kernel.copy(from.h(), to.h());
        kernel.copy(from.c(), to.c());
      }
      for (int i = 0; i < ids.size(); i++) {
        MatrixArena memory = new MatrixArena(pool);
        CopyWords words = weights.words(ids.get(i));
        all.add(EncodedPrompt.of(words, encoded.outputs(i), weights.attention(), memory));
      }
    }
    prompts = all;
  }

  @Override
  public StepLogits step(int[] tokens) {
    int rows = tokens.length;
    kernel.gatherRows(weights.storyEmbedding(), weights.known(tokens), x.rows(0, rows));
    Matrix below = x.rows(0, rows);
    for (int layer = 0; layer < states.size(); layer++) {
      State state = states.get(layer).rows(0, rows);
      weights.decoder().get(layer).step(kernel, below, state, gates.rows(0, rows));
      below = state.h();
    }
    Matrix[] read = features.of(below, prompts);
    Matrix all = logits.rows(0, rows);
    Matrix ofVocabulary = all.columns(0, weights.vocabulary());
    StepLogits made = weights.output().logits(kernel, read, scratch.rows(0, rows), ofVocabulary);
    return weights
        .copy()
        .map(
            copy ->
                copy.mixed(
                    x.rows(0, rows),
                    read,
                    features.scores(),
                    prompts.stream().map(EncodedPrompt::words).toList(),
                    made,
                    all,
                    gate.rows(0, rows)))
        .orElse(made);
  }

  @Override
  public float[] attention(int row) {
    return features.weights(row, prompts.get(row));
  }

  @Override
  public void select(int[] rows) {
    boolean stay = rows.length == prompts.size();
    for (int i = 0; stay && i < rows.length; i++) {
      stay = rows[i] == i;
    }
    if (stay) {
      return;
    }
    List<EncodedPrompt> own = Arrays.stream(rows).mapToObj(prompts::get).toList();
    Set<EncodedPrompt> left = distinct(prompts);
    left.removeAll(distinct(own));
    left.forEach(EncodedPrompt::close);
    prompts = own;
    Matrix front = moved.rows(0, rows.length);
    for (State state : states) {
      for (Matrix each : List.of(state.h(), state.c())) {
        kernel.gatherRows(each, rows, front);
        kernel.copy(front, each.rows(0, rows.length));
      }
    }
  }

  private static Set<EncodedPrompt> distinct(List<EncodedPrompt> some) {
    Set<EncodedPrompt> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    distinct.addAll(some);
    return distinct;
  }

  @Override
  public void close() {
    distinct(prompts).forEach(EncodedPrompt::close);
    prompts = List.of();
    arena.close();
    pool.close();
  }
}
