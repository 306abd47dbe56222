package storyloom.model.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.decode.DecoderWeights.Lstm;
import storyloom.model.decode.EncodedPrompts.State;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.text.Vocabulary;

/**
 * Writes stories for a batch of prompts, straight on a model's weights: the prompts are encoded
 * once, then each step takes all rows that still write one token further, and rows that have ended
 * fall away. A story depends on the weights, its prompt, its stream and the settings only, never on
 * its batch-mates.
 *
 * <p>The equations are those of {@link storyloom.model.nn.Seq2SeqGraph}, with dropout off. The
 * weights must stay open while a decoder is used; one decoder may serve several threads.
 */
public final class BatchDecoder {

  private final DecoderWeights weights;
  private final DecodeSettings settings;

  /**
   * @param config the model's shape
   * @param tensors weights by the names of a bundle
   * @param settings how stories are written
   */
  public BatchDecoder(
      Seq2SeqConfig config, Map<String, INDArray> tensors, DecodeSettings settings) {
    this.weights = DecoderWeights.of(config, tensors);
    this.settings = settings;
  }

  /**
   * The stories of some prompts, in their order.
   *
   * @param prompts at least one token each; any number of them
   * @param streams a stream for each prompt
   */
  public List<DecodedStory> decode(List<int[]> prompts, List<RowStream> streams) {
    List<DecodedStory> stories = new ArrayList<>(prompts.size());
    for (int from = 0; from < prompts.size(); from += settings.batch()) {
      int to = Math.min(from + settings.batch(), prompts.size());
      try (Arena arena = new Arena()) {
        stories.addAll(
            new Batch(prompts.subList(from, to), streams.subList(from, to), arena).write());
      }
    }
    return stories;
  }

  /** A story that is being written. */
  private static final class Row {
    private final int number;
    private final RowStream stream;
    private int[] tokens = new int[32];
    private int written;
    private double logProb;
    private FinishReason finished;

    Row(int number, RowStream stream) {
      this.number = number;
      this.stream = stream;
    }

    /** The token the decoder reads next. */
    int last() {
      return written == 0 ? Vocabulary.START : tokens[written - 1];
    }

    void take(int token, double tokenLogProb, int longest) {
      logProb += tokenLogProb;
      if (token == Vocabulary.END) {
        finished = FinishReason.END;
        return;
      }
      if (written == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * written);
      }
      tokens[written++] = token;
      finished = written == longest ? FinishReason.LENGTH : null;
    }

    DecodedStory story() {
      int counted = written + (finished == FinishReason.END ? 1 : 0);
      return new DecodedStory(Arrays.copyOf(tokens, written), logProb / counted, finished);
    }
  }

  /** One batch on its way. Rows alive are the first of each matrix, in whole blocks. */
  private final class Batch {
    private final List<Row> all = new ArrayList<>();
    private final List<State> states;
    private final StepFeatures features;
    private final TokenChoice choice = new TokenChoice(settings, weights.output().vocabulary());
    private final Kernel kernel;
    private final Matrix x;
    private final Matrix gates;
    private final Matrix scratch;
    private final Matrix logits;
    private final Matrix moved;

    Batch(List<int[]> ids, List<RowStream> streams, Arena arena) {
      int rows = EncodedPrompts.wholeBlocks(ids.size());
      int hidden = weights.hidden();
      for (int row = 0; row < ids.size(); row++) {
        all.add(new Row(row, streams.get(row)));
      }
      EncodedPrompts prompts = PromptEncoder.encode(ids, weights, arena);
      states = prompts.states();
      features = new StepFeatures(weights.attention(), prompts, rows, arena);
      kernel = Kernel.of(weights.storyEmbedding());
      x = arena.floats(rows, weights.storyEmbedding().columns());
      gates = arena.floats(rows, 4 * hidden);
      scratch = arena.floats(rows, Math.max(1, weights.output().scratchColumns()));
      logits = arena.floats(rows, weights.output().vocabulary());
      moved = arena.floats(rows, hidden);
      kernel.clear(x);
    }

    List<DecodedStory> write() {
      List<Row> alive = all;
      while (!alive.isEmpty()) {
        step(alive);
        alive = goOn(alive);
      }
      return all.stream().map(Row::story).toList();
    }

    private void step(List<Row> alive) {
      int rows = alive.size();
      int block = EncodedPrompts.wholeBlocks(rows);
      int[] last = alive.stream().mapToInt(Row::last).toArray();
      kernel.gatherRows(weights.storyEmbedding(), last, x.rows(0, rows));
      Matrix below = x.rows(0, block);
      for (int layer = 0; layer < states.size(); layer++) {
        State state = states.get(layer).rows(block);
        Lstm lstm = weights.decoder().get(layer);
        lstm.step(kernel, below, state.h(), state.c(), gates.rows(0, block));
        below = state.h();
      }
      Matrix read = features.of(below, alive.stream().mapToInt(row -> row.number).toArray());
      double[] logSums =
          weights
              .output()
              .logits(kernel, read, rows, scratch.rows(0, block), logits.rows(0, block));
      for (int i = 0; i < rows; i++) {
        Row row = alive.get(i);
        logits.copyRow(i, choice.logits());
        int token = choice.next(row.written, row.stream);
        row.take(token, logits.get(i, token) - logSums[i], settings.maxTokens());
      }
    }

    /** The rows that still write, moved to the front of the state. */
    private List<Row> goOn(List<Row> alive) {
      List<Row> left = new ArrayList<>();
      int[] places = new int[alive.size()];
      for (int i = 0; i < alive.size(); i++) {
        if (alive.get(i).finished == null) {
          places[left.size()] = i;
          left.add(alive.get(i));
        }
      }
      if (left.size() < alive.size()) {
        int[] kept = Arrays.copyOf(places, left.size());
        for (State state : states) {
          move(state.h(), kept);
          move(state.c(), kept);
        }
      }
      return left;
    }

    private void move(Matrix state, int[] places) {
      Matrix front = moved.rows(0, places.length);
      kernel.gatherRows(state, places, front);
      kernel.copy(front, state.rows(0, places.length));
    }
  }
}
