package storyloom.model.nn;

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

/**
 * Dot-product attention of decoder steps over encoder steps, and both side by side. For each pair
 * of the batch, with S prompt and T story tokens:
 *
 * <pre>
 *   scores  [T,S]  = decoder·encoderᵀ
 *   weights [T,S]  = softmax of each row
 *   context [T,H]  = weights·encoder
 *   output  [T,2H] = [decoder ; context], then dropout
 * </pre>
 *
 * <p>Inputs: decoder, packed [N,H]; encoder, packed [M,H], perhaps with final states behind it.
 * Output: packed [N,2H]. Only real tokens are packed, so padding gets no attention. Source: Luong,
 * Pham and Manning 2015, §3.1 (score "dot"); Keras: {@code Attention} and {@code Concatenate}.
 */
final class AttentionVertex extends ParameterVertex {

  private final AttentionSpec spec;
  private final int hidden;
  private Packing prompts;
  private Packing stories;
  private Matrix weights;

  AttentionVertex(
      AttentionSpec spec,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(spec, graph, name, index, parameters, type);
    this.spec = spec;
    this.hidden = spec.getHidden();
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    prompts = Packing.of(graph.getInput(Seq2SeqGraph.PROMPT));
    stories = Packing.of(graph.getInput(Seq2SeqGraph.STORY));
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, stories.tokens(), 2L * hidden);
    Matrix out = Matrix.of(output);
    Matrix decoder = input(0);
    Matrix encoder = input(1);
    Kernel kernel = kernel(out);
    weights = kept(workspaces, training, stories.rows(), (long) stories.steps() * prompts.steps());
    Matrix decoderRows = forwardScratch(workspaces, stories.steps());
    Matrix encoderRows = forwardScratch(workspaces, prompts.steps());
    Matrix contextRows = forwardScratch(workspaces, stories.steps());

    kernel.copy(decoder.rows(0, stories.tokens()), out.columns(0, hidden));
    for (int row = 0; row < stories.rows(); row++) {
      Matrix d = gathered(kernel, decoder, stories.tokensOf(row), decoderRows);
      Matrix e = gathered(kernel, encoder, prompts.tokensOf(row), encoderRows);
      Matrix weight = weightsOf(row);
      Matrix context = contextRows.rows(0, d.rows());
      kernel.multiply(d, Side.PLAIN, e, Side.TRANSPOSED, 0, weight);
      kernel.softmax(weight);
      kernel.multiply(weight, Side.PLAIN, e, Side.PLAIN, 0, context);
      kernel.scatterRows(context, stories.tokensOf(row), out.columns(hidden, 2 * hidden));
    }
    if (training && spec.getDropout() > 0) {
      kernel.dropout(out, dropout(spec.getDropout()));
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    Matrix dOut = Matrix.of(epsilon);
    Matrix decoder = input(0);
    Matrix encoder = input(1);
    Kernel kernel = kernel(dOut);
    INDArray decoderGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[0].size(0), hidden);
    INDArray encoderGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[1].size(0), hidden);
    Matrix dDecoder = Matrix.of(decoderGradient);
    Matrix dEncoder = Matrix.of(encoderGradient);
    Matrix decoderRows = scratch(workspaces, stories.steps(), hidden);
    Matrix encoderRows = scratch(workspaces, prompts.steps(), hidden);
    Matrix contextRows = scratch(workspaces, stories.steps(), hidden);
    Matrix dEncoderRows = scratch(workspaces, prompts.steps(), hidden);
    Matrix scoreRows = scratch(workspaces, 1, (long) stories.steps() * prompts.steps());

    if (spec.getDropout() > 0) {
      kernel.dropout(dOut, dropout(spec.getDropout()));
    }
    kernel.copy(dOut.columns(0, hidden), dDecoder.rows(0, stories.tokens()));
    kernel.clear(dDecoder.rows(stories.tokens(), dDecoder.rows()));
    kernel.clear(dEncoder.rows(prompts.tokens(), dEncoder.rows()));
    for (int row = 0; row < stories.rows(); row++) {
      Matrix d = gathered(kernel, decoder, stories.tokensOf(row), decoderRows);
      Matrix e = gathered(kernel, encoder, prompts.tokensOf(row), encoderRows);
      Matrix weight = weightsOf(row);
      Matrix dContext =
          gathered(kernel, dOut.columns(hidden, 2 * hidden), stories.tokensOf(row), contextRows);
      Matrix dScore = scoreRows.shaped(d.rows(), e.rows());
      Matrix de = dEncoderRows.rows(0, e.rows());
      kernel.multiply(weight, Side.TRANSPOSED, dContext, Side.PLAIN, 0, de);
      kernel.multiply(dContext, Side.PLAIN, e, Side.TRANSPOSED, 0, dScore);
      kernel.softmaxBackward(weight, dScore);
      kernel.multiply(dScore, Side.TRANSPOSED, d, Side.PLAIN, 1, de);
      kernel.scatterRows(de, prompts.tokensOf(row), dEncoder);
      Matrix dd = contextRows.rows(0, d.rows());
      kernel.multiply(dScore, Side.PLAIN, e, Side.PLAIN, 0, dd);
      kernel.scatterAddRows(dd, stories.tokensOf(row), dDecoder);
    }
    return result(decoderGradient, encoderGradient);
  }

  private Matrix forwardScratch(LayerWorkspaceMgr workspaces, int rows) {
    return Matrix.of(array(workspaces, ArrayType.FF_WORKING_MEM, rows, hidden));
  }

  private static Matrix gathered(Kernel kernel, Matrix packed, int[] tokens, Matrix scratch) {
    Matrix rows = scratch.rows(0, tokens.length);
    kernel.gatherRows(packed, tokens, rows);
    return rows;
  }

  /**
   * The attention of one row's story tokens over its prompt tokens, [T,S] within the padded all.
   */
  private Matrix weightsOf(int row) {
    return weights.rows(row, row + 1).shaped(stories.length(row), prompts.length(row));
  }
}
