package storyloom.model.nn.attention;

import java.util.List;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.VertexSpec;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * The feed-forward network of a block, token by token (Vaswani et al. 2017, §3.3, with a GELU).
 *
 * <pre>
 *   output = x + dropout(gelu(norm(x)·inputWeight)·outputWeight)
 * </pre>
 *
 * <p>x and output [N,W]; inputWeight [W,F], outputWeight [F,W].
 */
public final class FeedForwardVertex extends ResidualVertex {

  /**
   * How a feed-forward network is set.
   *
   * @param model its sizes
   * @param sequence which of the graph's inputs holds the ids of x
   */
  public record Options(Seq2SeqConfig model, int sequence) implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return TransformerTensors.feedForward(model);
    }

    @Override
    public FeedForwardVertex vertex(Place place) {
      return new FeedForwardVertex(this, place);
    }
  }

  /** Tokens that are worth waking a thread for. */
  private static final int LEAST = 16;

  private final int inner;
  private Matrix z;

  FeedForwardVertex(Options options, Place place) {
    super(options.model(), options.sequence(), place);
    this.inner = options.model().transformer().feedForward();
  }

  private LinearMap in() {
    return new LinearMap(parameter(Seq2SeqTensors.INPUT_WEIGHT), Side.PLAIN);
  }

  private LinearMap out() {
    return new LinearMap(parameter(TransformerTensors.OUTPUT_WEIGHT), Side.PLAIN);
  }

  @Override
  void forward(Matrix y, Matrix out, boolean training, LayerWorkspaceMgr workspaces) {
    Kernel products = largeProducts(out, training);
    z = kept(workspaces, training, y.rows(), inner);
    Matrix a = Matrix.of(array(workspaces, ArrayType.FF_WORKING_MEM, y.rows(), inner));
    BlockLoops loops = BlockLoops.of(z);

    in().forward(products, y, z);
    Parallel.over(a.rows(), LEAST, (from, to) -> loops.gelu(z.rows(from, to), a.rows(from, to)));
    out().forward(products, a, out);
  }

  @Override
  INDArray[] backward(Matrix y, Matrix dOut, Matrix dy, LayerWorkspaceMgr workspaces) {
    Kernel products = largeProducts(dy, true);
    Matrix a = scratch(workspaces, y.rows(), inner);
    Matrix dz = scratch(workspaces, y.rows(), inner);
    BlockLoops loops = BlockLoops.of(z);

    products.multiply(
        dOut, Side.PLAIN, weight(TransformerTensors.OUTPUT_WEIGHT), Side.TRANSPOSED, 0, dz);
    Parallel.over(
        a.rows(),
        LEAST,
        (from, to) -> loops.geluBackward(z.rows(from, to), a.rows(from, to), dz.rows(from, to)));
    products.multiply(
        a, Side.TRANSPOSED, dOut, Side.PLAIN, 0, gradient(TransformerTensors.OUTPUT_WEIGHT));
    in().backward(products, y, dz, 0, dy, 0);
    return new INDArray[0];
  }
}
