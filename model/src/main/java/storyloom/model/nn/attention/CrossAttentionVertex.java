package storyloom.model.nn.attention;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.attention.MultiHeadAttention.MeanReader;
import storyloom.model.nn.attention.MultiHeadAttention.Roles;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.AttentionVertex;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.VertexSpec;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Attention of the tokens of stories to those of their prompts, which the encoder has read (Vaswani
 * et al. 2017, §3.2.3).
 *
 * <pre>
 *   query [N,W] = norm(x)·queryWeight;  key, value [M,W] = memory·keyWeight, ·valueWeight
 *   output = x + dropout(attention(query/√d, key, value)·outputWeight)
 * </pre>
 *
 * <p>Inputs: x [N,W] and the encoder's outputs, memory [M,W]; output [N,W]; all weights [W,W], d =
 * W/heads. Nothing is turned by positions here, which are those of two sequences: what a prompt's
 * tokens are to each other the encoder has put into them (T5: Raffel et al. 2020).
 */
public final class CrossAttentionVertex extends ResidualVertex {

  /**
   * How an attention is set.
   *
   * @param model its sizes
   */
  public record Options(Seq2SeqConfig model) implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return TransformerTensors.attention(model);
    }

    @Override
    public CrossAttentionVertex vertex(Place place) {
      return new CrossAttentionVertex(this, place);
    }
  }

  private final int heads;
  private AttentionVertex.Reader reader; // null for nobody
  private MultiHeadAttention attention;
  private Matrix query;
  private Matrix mapped;
  private Matrix context;

  CrossAttentionVertex(Options options, Place place) {
    super(options.model(), Minibatch.STORY_INPUT, place);
    this.heads = options.model().transformer().heads();
  }

  /** From now on, the mean of what the heads look at is read. */
  public void readBy(AttentionVertex.Reader newReader) {
    reader = newReader;
  }

  private LinearMap ofQueries() {
    return new LinearMap(parameter(Seq2SeqTensors.QUERY_WEIGHT), Side.PLAIN);
  }

  private JointMap ofMemory() {
    return new JointMap(
        List.of(parameter(Seq2SeqTensors.KEY_WEIGHT), parameter(TransformerTensors.VALUE_WEIGHT)));
  }

  private LinearMap out() {
    return new LinearMap(parameter(TransformerTensors.OUTPUT_WEIGHT), Side.PLAIN);
  }

  private Roles roles(Matrix queries, Matrix ofMemory) {
    int width = width();
    return new Roles(queries, ofMemory.columns(0, width), ofMemory.columns(width, 2 * width));
  }

  private MeanReader mean(Matrix means) {
    return reader == null ? null : new MeanReader(reader, means);
  }

  @Override
  void forward(Matrix y, Matrix out, boolean training, LayerWorkspaceMgr workspaces) {
    Packing prompts = Packing.of(graph.getInput(Minibatch.PROMPT_INPUT));
    Packing stories = packing();
    attention = new MultiHeadAttention(heads, false, stories, prompts);
    query = kept(workspaces, training, y.rows(), width());
    mapped = kept(workspaces, training, prompts.tokens(), 2L * width());
    context = kept(workspaces, training, y.rows(), width());
    Kernel products = largeProducts(out, training);
    Matrix joint = Matrix.of(array(workspaces, ArrayType.FF_WORKING_MEM, width(), 2L * width()));
    Matrix scratch =
        Matrix.of(
            array(
                workspaces,
                ArrayType.FF_WORKING_MEM,
                2L * stories.rows(),
                attention.weightsOfRow()));

    if (reader != null) {
      reader.start(prompts, stories);
    }
    ofQueries().forward(products, y, query);
    scale(query);
    ofMemory().forward(products, input(1), joint, mapped);
    MeanReader mean = mean(scratch.rows(stories.rows(), scratch.rows()));
    attention.forward(roles(query, mapped), scratch, context, mean);
    out().forward(products, context, out);
  }

  @Override
  INDArray[] backward(Matrix y, Matrix dOut, Matrix dy, LayerWorkspaceMgr workspaces) {
    int pairs = attention.queries().rows();
    Kernel products = largeProducts(dy, true);
    INDArray memoryGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[1].size(0), inputs[1].size(1));
    Matrix dContext = scratch(workspaces, y.rows(), width());
    Matrix dQuery = scratch(workspaces, y.rows(), width());
    Matrix dMapped = scratch(workspaces, mapped.rows(), mapped.columns());
    Matrix scratch = scratch(workspaces, 3L * pairs, attention.weightsOfRow());
    Matrix joint = scratch(workspaces, width(), 2L * width());
    Matrix dJoint = scratch(workspaces, width(), 2L * width());

    out().backward(products, context, dOut, 0, dContext, 0);
    attention.backward(
        roles(query, mapped),
        dContext,
        scratch.rows(0, 2 * pairs),
        roles(dQuery, dMapped),
        mean(scratch.rows(2 * pairs, 3 * pairs)));
    scale(dQuery);
    ofQueries().backward(products, y, dQuery, 0, dy, 0);
    ofMemory().backward(products, input(1), dMapped, joint, dJoint, Matrix.of(memoryGradient));
    return new INDArray[] {memoryGradient};
  }

  /** By 1/√d, so that scores do not grow with the width of a head. */
  private void scale(Matrix queries) {
    double[] factors = new double[queries.rows()];
    Arrays.fill(factors, 1 / Math.sqrt((double) width() / heads));
    kernel(queries).scaleRows(factors, queries);
  }
}
