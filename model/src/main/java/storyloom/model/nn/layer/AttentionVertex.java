package storyloom.model.nn.layer;

import java.util.function.IntFunction;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;

/**
 * Attention of decoder steps over encoder steps, and both side by side. For each pair of the batch,
 * with S prompt and T story tokens:
 *
 * <pre>
 *   scores  [T,S]  = score(decoder, encoder)     see {@link DotScore}, {@link AdditiveScore}
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
final class AttentionVertex extends ParameterVertex {

  private final int hidden;
  private final AttentionScore score;
  private Packing prompts;
  private Packing stories;
  private Matrix decoder;
  private Matrix encoder;
  private Matrix queries;
  private Matrix keys;
  private Matrix weights;

  AttentionVertex(
      AttentionSpec spec,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(spec, graph, name, index, parameters, type);
    this.hidden = spec.getHidden();
    this.score =
        switch (spec.getKind()) {
          case DOT -> new DotScore(Projection.NONE);
          case GENERAL -> new DotScore(Projection.by(this, AttentionSpec.WEIGHT, Side.TRANSPOSED));
          case ADDITIVE -> new AdditiveScore(this);
          case NONE -> throw new IllegalArgumentException("no attention needs no vertex");
        };
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
    queries = score.queries().forward(kernel, decoder, memory);
    keys = score.keys().forward(kernel, encoder, memory);
    score.startForward(prompts, scratch);
    Parallel.over(
        stories.rows(),
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            Matrix weight = ofPair(weights, row);
            score.forward(kernel, row, stories.rows(queries, row), prompts.rows(keys, row), weight);
            kernel.softmax(weight);
            Matrix e = prompts.rows(encoder, row);
            Matrix context = stories.rows(contexts, row);
            kernel.multiply(weight, Side.PLAIN, e, Side.PLAIN, 0, context);
          }
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
    Matrix dQueries = score.queries().outputGradient(kernel, dDecoder, memory);
    Matrix dKeys = score.keys().outputGradient(kernel, dEncoder, memory);
    score.startBackward(prompts, memory);
    Parallel.over(
        stories.rows(),
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            Matrix weight = ofPair(weights, row);
            Matrix dScore = ofPair(dWeights, row);
            Matrix e = prompts.rows(encoder, row);
            Matrix dContext = stories.rows(dContexts, row);
            Matrix de = prompts.rows(dEncoder, row);
            kernel.multiply(weight, Side.TRANSPOSED, dContext, Side.PLAIN, 0, de);
            kernel.multiply(dContext, Side.PLAIN, e, Side.TRANSPOSED, 0, dScore);
            kernel.softmaxBackward(weight, dScore);
            score.backward(
                kernel,
                row,
                stories.rows(queries, row),
                prompts.rows(keys, row),
                dScore,
                stories.rows(dQueries, row),
                prompts.rows(dKeys, row));
          }
        });
    score.finishBackward(kernel);
    score.queries().backward(kernel, decoder, dQueries, dDecoder);
    score.keys().backward(kernel, encoder, dKeys, dEncoder);
    return result(
        packed(kernel, dDecoder, stories, inputs[0].size(0), workspaces),
        packed(kernel, dEncoder, prompts, inputs[1].size(0), workspaces));
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

  /** What belongs to one pair, [T,S], within the padded memory of all. */
  private Matrix ofPair(Matrix padded, int row) {
    return padded.rows(row, row + 1).shaped(stories.length(row), prompts.length(row));
  }
}
