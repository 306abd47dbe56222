package storyloom.model.nn.layer;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.DropoutStream;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * The running half of our vertices: parameters and their gradients as views of the graph's own flat
 * arrays, working memory from the graph's workspaces, and the random stream of dropout.
 *
 * <p>Activations between our vertices are packed, [tokens, width], in the order of {@link Packing};
 * lengths come from the graph's id inputs, in which {@code <pad>} (0) marks what is not there. In
 * {@code model.nn.attention} tokens stand row after row instead.
 */
public abstract class ParameterVertex extends BaseGraphVertex {

  private final VertexSpec spec;
  private final INDArray parameters;
  private final Map<String, INDArray> parameterTable;
  private INDArray gradients;
  private Map<String, INDArray> gradientTable = Map.of();
  private long stream;
  private boolean bfloat16;

  /** A vertex at a place of its graph. */
  protected ParameterVertex(Place place) {
    super(place.graph(), place.name(), place.index(), null, null, place.type());
    this.spec = place.spec();
    this.parameters = place.parameters();
    this.parameterTable = Parameter.views(spec.tensors(), parameters);
  }

  /** Names this copy of the graph among others that train beside it; see {@link #dropout}. */
  public final void setStream(long stream) {
    this.stream = stream;
  }

  /**
   * The dropout of this vertex in this iteration: a function of seed, stream, iteration and vertex.
   *
   * @param rate share of numbers zeroed
   */
  protected final DropoutStream dropout(double rate) {
    long key = graph.getConfiguration().getDefaultConfiguration().getSeed();
    key = DropoutStream.mix(key, stream);
    key = DropoutStream.mix(key, graph.getConfiguration().getIterationCount());
    return new DropoutStream(DropoutStream.mix(key, getVertexIndex()), rate);
  }

  /** A tensor's numbers and, in a graph that learns, the place of their gradient. */
  protected final Parameter parameter(String tensor) {
    return new Parameter(weight(tensor), gradients == null ? null : gradient(tensor));
  }

  /** A tensor's numbers. */
  protected final Matrix weight(String tensor) {
    return Matrix.of(parameterTable.get(Tensor.key(tensor)));
  }

  /** The place of a tensor's gradient. */
  protected final Matrix gradient(String tensor) {
    return Matrix.of(gradientTable.get(Tensor.key(tensor)));
  }

  /** What came in, by the number of the input. */
  protected final Matrix input(int number) {
    return Matrix.of(inputs[number]);
  }

  /** The kernel for a matrix's numbers. */
  protected final Kernel kernel(Matrix matrix) {
    return Kernel.of(matrix);
  }

  /** From now on the factors of large products are rounded to bfloat16 while training. */
  public final void roundLargeProducts() {
    bfloat16 = true;
  }

  /** The kernel for products over all tokens at once. */
  protected final Kernel largeProducts(Matrix matrix, boolean training) {
    return Kernel.of(matrix, bfloat16 && training);
  }

  /** Memory of a kind, not cleared, in 'c' order. */
  protected final INDArray array(
      LayerWorkspaceMgr workspaces, ArrayType kind, long rows, long columns) {
    return workspaces.createUninitialized(kind, dataType, new long[] {rows, columns}, 'c');
  }

  /** What the backward pass will need, while training; gone after the forward pass otherwise. */
  protected final Matrix kept(
      LayerWorkspaceMgr workspaces, boolean training, long rows, long columns) {
    ArrayType kind = training ? ArrayType.ACTIVATIONS : ArrayType.FF_WORKING_MEM;
    return Matrix.of(array(workspaces, kind, rows, columns));
  }

  /** Memory for the length of one backward pass of this vertex. */
  protected final Matrix scratch(LayerWorkspaceMgr workspaces, long rows, long columns) {
    return Matrix.of(array(workspaces, ArrayType.BP_WORKING_MEM, rows, columns));
  }

  /** What {@link #doBackward} returns. */
  protected final Pair<Gradient, INDArray[]> result(INDArray... inputGradients) {
    Gradient gradient = new DefaultGradient();
    gradientTable.forEach(gradient::setGradientFor);
    return new Pair<>(gradient, inputGradients);
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray view) {
    gradients = view;
    gradientTable = Parameter.views(spec.tensors(), view);
  }

  @Override
  public final INDArray getGradientsViewArray() {
    return gradients;
  }

  @Override
  public final INDArray params() {
    return parameters;
  }

  @Override
  public final Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameterTable;
  }

  @Override
  public final TrainingConfig getConfig() {
    return spec;
  }

  @Override
  public final boolean hasLayer() {
    return false;
  }

  @Override
  public final Layer getLayer() {
    return null;
  }

  @Override
  public final Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int rows) {
    return spec.feedForwardMaskArrays(masks, state, rows);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " " + getVertexName();
  }
}
