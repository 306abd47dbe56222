package storyloom.model.nn.layer;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * An LSTM over packed tokens, without peepholes, gates in the order i, f, g, o.
 *
 * <pre>
 *   [i f g o] = x·inputWeight + hBefore·recurrentWeight + bias;  i, f, o by sigmoid, g by tanh
 *   c = f·cBefore + i·g
 *   h = o·tanh(c)
 * </pre>
 *
 * <p>Inputs: x [N,E] and, if there is a second, what another LSTM that keeps its state put out: its
 * final (h, c) is where this one starts; zeros otherwise. Output: h [N,H]; where the state is kept,
 * b rows of final h and b rows of final c follow, in batch order, each at its row's true length. N
 * real tokens, b rows, E input width, H hidden size; inputWeight [E,4H], recurrentWeight [H,4H],
 * bias [4H]. Source: Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000;
 * Keras calls it {@code LSTM}.
 *
 * <p>A decoder that reads stories in windows ({@link StoryWindow}) starts at the final (h, c) of
 * the window before, to which no gradient goes, instead of at the encoder's.
 *
 * <p>While training, a share of recurrentWeight may be zeroed, the same numbers at all steps of a
 * minibatch, and the rest be divided by what is kept (AWD-LSTM: Merity et al. 2018; DropConnect:
 * Wan et al. 2013).
 *
 * <p>The input products of all steps are one matrix product; so is each gradient of a weight. The
 * steps are run through by a few rows at a time, each few on one thread.
 */
public final class LstmVertex extends ParameterVertex implements WindowedVertex {

  /**
   * How an LSTM is set.
   *
   * @param inputs E, width of a token's input
   * @param hidden H
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   * @param keepsState whether the output also carries the final (h, c)
   * @param recurrentDropout share of recurrentWeight that is zeroed while training; 0 for none
   */
  public record Options(
      int inputs, int hidden, int sequence, boolean keepsState, double recurrentDropout)
      implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return Seq2SeqTensors.lstm(inputs, hidden);
    }

    @Override
    public LstmVertex vertex(Place place) {
      return new LstmVertex(this, place);
    }
  }

  /**
   * Rows that run through the steps together, whatever the threads: products of fewer rows are
   * slow, and a batch should have enough of them for several threads.
   */
  private static final int RANKS_TOGETHER = 16;

  private final Options options;
  private final int hidden;
  private final KeptRows carried;
  private StoryWindow window; // null for whole stories, and for prompts
  private Packing packing;
  private Matrix gates;
  private Matrix c;
  private Matrix start;
  private Matrix recurrent;
  private INDArray output;

  LstmVertex(Options options, Place place) {
    super(place);
    this.options = options;
    this.hidden = options.hidden();
    this.carried = new KeptRows(place.type());
  }

  @Override
  public void read(StoryWindow next) {
    window = options.sequence() == Minibatch.STORY_INPUT ? next : null;
  }

  @Override
  public void readWhole() {
    window = null;
  }

  @Override
  public void forget() {
    carried.close();
  }

  private boolean continues() {
    return window != null && window.continues();
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    packing = Packing.of(graph.getInput(options.sequence()));
    int tokens = packing.tokens();
    int rows = packing.rows();
    gates = kept(workspaces, training, tokens, 4L * hidden);
    c = kept(workspaces, training, tokens, hidden);
    start = kept(workspaces, training, 2L * rows, hidden);
    output =
        array(
            workspaces,
            ArrayType.ACTIVATIONS,
            tokens + (options.keepsState() ? 2 * rows : 0),
            hidden);
    Matrix h = Matrix.of(output);
    Kernel kernel = kernel(h);
    recurrent = recurrentWeight(kernel, workspaces, training);
    Matrix bias = weight(Seq2SeqTensors.BIAS);

    readStart(kernel);
    largeProducts(h, training)
        .multiply(x(), Side.PLAIN, weight(Seq2SeqTensors.INPUT_WEIGHT), Side.PLAIN, 0, gates);
    Kernel step = kernel.sequential();
    forEachRanks(
        ranks -> {
          for (int t = 0; t < ranks.steps(); t++) {
            Matrix z = ranks.at(gates, t);
            step.multiply(ranks.before(h, 0, t), Side.PLAIN, recurrent, Side.PLAIN, 1, z);
            step.lstmForward(z, bias, ranks.before(c, rows, t), ranks.at(c, t), ranks.at(h, t));
          }
        });
    if (options.keepsState()) {
      kernel.gatherRows(h.rows(0, tokens), lastTokens(), h.rows(tokens, tokens + rows));
      kernel.gatherRows(c, lastTokens(), h.rows(tokens + rows, tokens + 2 * rows));
    }
    if (window != null) {
      carry(kernel, h);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    int tokens = packing.tokens();
    int rows = packing.rows();
    Matrix dh = Matrix.of(epsilon);
    Kernel kernel = kernel(dh);
    Matrix startGradient = scratch(workspaces, 2L * rows, hidden);
    Matrix dc = startGradient.rows(rows, 2 * rows);
    kernel.clear(startGradient);

    if (options.keepsState()) {
      kernel.gatherRows(dh.rows(tokens + rows, tokens + 2 * rows), packing.order(), dc);
      kernel.scatterAddRows(dh.rows(tokens, tokens + rows), lastTokens(), dh.rows(0, tokens));
    }
    Kernel step = kernel.sequential();
    forEachRanks(
        ranks -> {
          for (int t = ranks.steps() - 1; t >= 0; t--) {
            Matrix dz = ranks.at(gates, t);
            step.lstmBackward(
                dz,
                ranks.before(c, rows, t),
                ranks.at(c, t),
                ranks.at(dh, t),
                ranks.of(dc).rows(0, dz.rows()));
            Matrix dhBefore =
                (t == 0 ? ranks.of(startGradient) : ranks.at(dh, t - 1)).rows(0, dz.rows());
            step.multiply(dz, Side.PLAIN, recurrent, Side.TRANSPOSED, 1, dhBefore);
          }
        });
    if (continues()) {
      kernel.clear(startGradient); // where it started is a constant
    }
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[0].size(0), options.inputs());
    Matrix dx = Matrix.of(inputGradient);
    kernel.clear(dx.rows(tokens, dx.rows()));
    largeProducts(dx, true)
        .multiply(
            gates,
            Side.PLAIN,
            weight(Seq2SeqTensors.INPUT_WEIGHT),
            Side.TRANSPOSED,
            0,
            dx.rows(0, tokens));
    writeWeightGradients(kernel, workspaces);
    return inputs.length == 1
        ? result(inputGradient)
        : result(inputGradient, stateGradient(kernel, startGradient, workspaces));
  }

  /** The recurrent weight [H,4H], with the numbers dropped that this minibatch does without. */
  private Matrix recurrentWeight(Kernel kernel, LayerWorkspaceMgr workspaces, boolean training) {
    Matrix weight = weight(Seq2SeqTensors.RECURRENT_WEIGHT);
    if (!training || options.recurrentDropout() == 0) {
      return weight;
    }
    Matrix dropped = kept(workspaces, true, weight.rows(), weight.columns());
    kernel.copy(weight, dropped);
    kernel.dropout(dropped, dropout(options.recurrentDropout()));
    return dropped;
  }

  private void forEachRanks(Consumer<Ranks> work) {
    int rows = packing.rows();
    Parallel.each(
        (rows + RANKS_TOGETHER - 1) / RANKS_TOGETHER,
        group -> {
          int from = group * RANKS_TOGETHER;
          work.accept(new Ranks(from, Math.min(from + RANKS_TOGETHER, rows)));
        });
  }

  private void writeWeightGradients(Kernel kernel, LayerWorkspaceMgr workspaces) {
    Matrix hBefore = scratch(workspaces, packing.tokens(), hidden);
    Matrix h = Matrix.of(output);
    Ranks all = new Ranks(0, packing.rows());
    for (int t = 0; t < packing.steps(); t++) {
      kernel.copy(all.before(h, 0, t), all.at(hBefore, t));
    }
    Kernel products = largeProducts(gates, true);
    products.multiply(
        x(), Side.TRANSPOSED, gates, Side.PLAIN, 0, gradient(Seq2SeqTensors.INPUT_WEIGHT));
    products.multiply(
        hBefore, Side.TRANSPOSED, gates, Side.PLAIN, 0, gradient(Seq2SeqTensors.RECURRENT_WEIGHT));
    if (options.recurrentDropout() > 0) {
      kernel.dropout(
          gradient(Seq2SeqTensors.RECURRENT_WEIGHT), dropout(options.recurrentDropout()));
    }
    Matrix dBias = gradient(Seq2SeqTensors.BIAS);
    kernel.clear(dBias);
    kernel.addColumnSums(gates, dBias);
  }

  /** The gradient by the other LSTM's output: zero but for its final states. */
  private INDArray stateGradient(Kernel kernel, Matrix byRank, LayerWorkspaceMgr workspaces) {
    int rows = packing.rows();
    INDArray gradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[1].size(0), inputs[1].size(1));
    Matrix all = Matrix.of(gradient);
    int states = all.rows() - 2 * rows;
    kernel.clear(all.rows(0, states));
    kernel.scatterRows(byRank.rows(0, rows), packing.order(), all.rows(states, states + rows));
    kernel.scatterRows(
        byRank.rows(rows, 2 * rows), packing.order(), all.rows(states + rows, states + 2 * rows));
    return gradient;
  }

  /** Keeps the final h, then the final c, of the rows that the next window goes on with. */
  private void carry(Kernel kernel, Matrix h) {
    int[] last = lastTokens();
    int[] goingOn = Arrays.stream(window.goingOn()).map(row -> last[row]).toArray();
    if (goingOn.length > 0) {
      Matrix states = carried.replace(2 * goingOn.length, hidden);
      kernel.gatherRows(h.rows(0, c.rows()), goingOn, states.rows(0, goingOn.length));
      kernel.gatherRows(c, goingOn, states.rows(goingOn.length, states.rows()));
    }
  }

  /** Fills {@link #start}: b rows of h, then b rows of c, in the order of rank. */
  private void readStart(Kernel kernel) {
    if (inputs.length == 1) {
      kernel.clear(start);
      return;
    }
    int rows = packing.rows();
    Matrix other = continues() ? carried.rows() : input(1);
    int states = other.rows() - 2 * rows;
    kernel.gatherRows(other.rows(states, states + rows), packing.order(), start.rows(0, rows));
    kernel.gatherRows(
        other.rows(states + rows, states + 2 * rows), packing.order(), start.rows(rows, 2 * rows));
  }

  /** The input of the real tokens; a layer below may have put its states behind them. */
  private Matrix x() {
    return input(0).rows(0, packing.tokens());
  }

  /** Rows of the batch that run through the steps together, by rank: {@code from} to {@code to}. */
  private final class Ranks {
    private final int from;
    private final int to;

    Ranks(int from, int to) {
      this.from = from;
      this.to = to;
    }

    /** The longest row's length; ranks go from long to short. */
    int steps() {
      return packing.length(packing.row(from));
    }

    /** The rows of a matrix that has one for each rank. */
    Matrix of(Matrix byRank) {
      return byRank.rows(from, to);
    }

    /** What the rows alive at step t have there. */
    Matrix at(Matrix packed, int t) {
      return packed.rows(packing.start(t) + from, packing.start(t) + end(t));
    }

    /** What they had one step earlier: at step 0 what they start from. */
    Matrix before(Matrix packed, int startRow, int t) {
      return t == 0
          ? start.rows(startRow + from, startRow + end(t))
          : packed.rows(packing.start(t - 1) + from, packing.start(t - 1) + end(t));
    }

    private int end(int t) {
      return Math.min(to, packing.alive(t));
    }
  }

  /** For each row of the batch the packed index of its last token. */
  private int[] lastTokens() {
    int[] last = new int[packing.rows()];
    for (int rank = 0; rank < last.length; rank++) {
      int row = packing.row(rank);
      last[row] = packing.start(packing.length(row) - 1) + rank;
    }
    return last;
  }
}
