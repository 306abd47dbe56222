package storyloom.model.nn.layer;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Attention of decoder steps over encoder steps, and both side by side. For each pair of the batch,
 * with S prompt and T story tokens:
 *
 * <pre>
 *   scores  [T,S]  = score(decoder, encoder)     see {@link AttentionScore}
 *   weights [T,S]  = softmax of each row
 *   context [T,H]  = weights·encoder
 *   output  [T,2H] = [decoder ; context]
 * </pre>
 *
 * <p>Inputs: decoder, packed [N,H]; encoder, packed [M,H], perhaps with final states behind it.
 * Output: packed [N,2H]. Only real tokens are packed, so padding gets no attention. Source: Luong,
 * Pham and Manning 2015, §3.1; Keras: {@code Attention} or {@code AdditiveAttention}, and {@code
 * Concatenate}. Each thread takes pairs of its own.
 */
public final class AttentionVertex extends ParameterVertex {

  /**
   * How attention is set.
   *
   * @param hidden H
   * @param kind any but {@link AttentionKind#NONE}
   */
  public record Options(int hidden, AttentionKind kind) implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return Seq2SeqTensors.attention(kind, hidden);
    }

    @Override
    public AttentionVertex vertex(Place place) {
      return new AttentionVertex(this, place);
    }
  }

  /**
   * Hears what all tokens look at in each forward pass, and adds to the gradient of each backward
   * pass. Pairs may be read at the same time.
   */
  public interface Reader {

    /** A forward pass begins. */
    void start(Packing prompts, Packing stories);

    /**
     * What the tokens of a pair look at.
     *
     * @param row the pair's row of the batch
     * @param weights [T,S], each row 1 in all; gone with the forward pass
     */
    void read(int row, Matrix weights);

    /**
     * The gradient by what was read.
     *
     * @param dWeights [T,S], added to
     */
    void addGradient(int row, Matrix dWeights);
  }

  private final int hidden;
  private final AttentionScore score;
  private Reader reader; // null for nobody
  private Packing prompts;
  private Packing stories;
  private Matrix decoder;
  private Matrix encoder;
  private Matrix queries;
  private Matrix keys;
  private Matrix weights;

  AttentionVertex(Options options, Place place) {
    super(place);
    this.hidden = options.hidden();
    this.score = AttentionScore.of(options.kind(), this);
  }

  /** From now on, what is looked at is read. */
  public void readBy(Reader newReader) {
    reader = newReader;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    prompts = Packing.of(graph.getInput(Minibatch.PROMPT_INPUT));
    stories = Packing.of(graph.getInput(Minibatch.STORY_INPUT));
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, stories.tokens(), 2L * hidden);
    Matrix out = Matrix.of(output);
    Kernel kernel = kernel(out);
    IntFunction<Matrix> memory = rows -> kept(workspaces, training, rows, hidden);
    decoder = memory.apply(stories.tokens());
    encoder = memory.apply(prompts.tokens());
    weights = kept(workspaces, training, stories.rows(), (long) stories.steps() * prompts.steps());
    IntFunction<Matrix> scratch =
        rows -> Matrix.of(array(workspaces, ArrayType.FF_WORKING_MEM, rows, hidden));
    Matrix contexts = scratch.apply(stories.tokens());

    kernel.gatherRows(input(0), stories.byRow(), decoder);
    kernel.gatherRows(input(1), prompts.byRow(), encoder);
    queries = projected(score.queries(), kernel, decoder, memory);
    keys = projected(score.keys(), kernel, encoder, memory);
    score.startForward(prompts, scratch);
    if (reader != null) {
      reader.start(prompts, stories);
    }
    Kernel alone = kernel.sequential();
    Parallel.each(
        stories.rows(),
        row -> {
          Matrix weight = weights(row);
          score.forward(alone, row, stories.rows(queries, row), prompts.rows(keys, row), weight);
          alone.softmax(weight);
          if (reader != null) {
            reader.read(row, weight);
          }
          Matrix e = prompts.rows(encoder, row);
          Matrix context = stories.rows(contexts, row);
          alone.multiply(weight, Side.PLAIN, e, Side.PLAIN, 0, context);
        });
    kernel.copy(input(0).rows(0, stories.tokens()), out.columns(0, hidden));
    kernel.scatterRows(contexts, stories.byRow(), out.columns(hidden, 2 * hidden));
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    Matrix dOut = Matrix.of(epsilon);
    Kernel kernel = kernel(dOut);
    IntFunction<Matrix> memory = rows -> scratch(workspaces, rows, hidden);
    Matrix dContexts = memory.apply(stories.tokens());
    Matrix dDecoder = memory.apply(stories.tokens());
    Matrix dEncoder = memory.apply(prompts.tokens());
    Matrix dWeights = scratch(workspaces, weights.rows(), weights.columns());

    kernel.gatherRows(dOut.columns(hidden, 2 * hidden), stories.byRow(), dContexts);
    kernel.gatherRows(dOut.columns(0, hidden), stories.byRow(), dDecoder);
    Matrix dQueries = ofProjected(score.queries(), kernel, dDecoder, memory);
    Matrix dKeys = ofProjected(score.keys(), kernel, dEncoder, memory);
    score.startBackward(prompts, memory);
    Kernel alone = kernel.sequential();
    Parallel.each(
        stories.rows(),
        row -> {
          Matrix weight = weights(row);
          Matrix dScore = ofPair(dWeights, row);
          Matrix e = prompts.rows(encoder, row);
          Matrix dContext = stories.rows(dContexts, row);
          Matrix de = prompts.rows(dEncoder, row);
          alone.multiply(weight, Side.TRANSPOSED, dContext, Side.PLAIN, 0, de);
          double keep = reader == null ? 0 : readersGradient(alone, row, dScore);
          alone.multiply(dContext, Side.PLAIN, e, Side.TRANSPOSED, keep, dScore);
          alone.softmaxBackward(weight, dScore);
          score.backward(
              alone,
              row,
              stories.rows(queries, row),
              prompts.rows(keys, row),
              dScore,
              stories.rows(dQueries, row),
              prompts.rows(dKeys, row));
        });
    score.finishBackward(kernel);
    score.queries().ifPresent(map -> map.backward(kernel, decoder, dQueries, 0, dDecoder, 1));
    score.keys().ifPresent(map -> map.backward(kernel, encoder, dKeys, 0, dEncoder, 1));
    return result(
        packed(kernel, dDecoder, stories, inputs[0].size(0), workspaces),
        packed(kernel, dEncoder, prompts, inputs[1].size(0), workspaces));
  }

  /** Writes the gradient by what was read; gives the factor by which it is to be kept. */
  private double readersGradient(Kernel kernel, int row, Matrix dWeight) {
    kernel.clear(dWeight);
    reader.addGradient(row, dWeight);
    return 1;
  }

  /** What x is mapped to, which is x itself if there is no map. */
  private static Matrix projected(
      Optional<LinearMap> map, Kernel kernel, Matrix x, IntFunction<Matrix> memory) {
    if (map.isEmpty()) {
      return x;
    }
    Matrix y = memory.apply(x.rows());
    map.get().forward(kernel, x, y);
    return y;
  }

  /** Where the gradient by {@link #projected} is added up; dx itself if there is no map. */
  private static Matrix ofProjected(
      Optional<LinearMap> map, Kernel kernel, Matrix dx, IntFunction<Matrix> memory) {
    if (map.isEmpty()) {
      return dx;
    }
    Matrix dy = memory.apply(dx.rows());
    kernel.clear(dy);
    return dy;
  }

  /** Back from row after row to packed order; zero for what stands behind the tokens. */
  private INDArray packed(
      Kernel kernel, Matrix byRow, Packing packing, long rows, LayerWorkspaceMgr workspaces) {
    INDArray gradient = array(workspaces, ArrayType.ACTIVATION_GRAD, rows, hidden);
    Matrix all = Matrix.of(gradient);
    kernel.scatterRows(byRow, packing.byRow(), all);
    kernel.clear(all.rows(packing.tokens(), all.rows()));
    return gradient;
  }

  /**
   * How much each token of a pair's story looks at each of its prompt's, [T,S], as the last forward
   * pass found it; each row sums to 1. While training it stands until the backward pass of this
   * vertex, so that of a later one may read it; otherwise it is gone with the forward pass.
   *
   * @param row the pair's row of the batch
   */
  public Matrix weights(int row) {
    return ofPair(weights, row);
  }

  /** What belongs to one pair, [T,S], within the padded memory of all. */
  private Matrix ofPair(Matrix padded, int row) {
    return padded.rows(row, row + 1).shaped(stories.length(row), prompts.length(row));
  }
}
