package storyloom.model.nn.attention;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.ParameterVertex;
import storyloom.model.nn.layer.VertexSpec;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Puts tokens that stand step by step, as {@link Packing} has them, row after row, so that those of
 * a row lie side by side; or back again.
 *
 * <p>Input and output: [N,W], N real tokens, W width.
 */
public final class RowOrderVertex extends ParameterVertex {

  /**
   * How tokens are ordered.
   *
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   * @param byRow whether row after row is the new order, not the old one
   */
  public record Options(int sequence, boolean byRow) implements VertexSpec.Options {

    @Override
    public RowOrderVertex vertex(Place place) {
      return new RowOrderVertex(this, place);
    }
  }

  private final Options options;
  private int[] order;

  RowOrderVertex(Options options, Place place) {
    super(place);
    this.options = options;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    order = Packing.of(graph.getInput(options.sequence())).byRow();
    INDArray output =
        array(workspaces, ArrayType.ACTIVATIONS, inputs[0].size(0), inputs[0].size(1));
    move(input(0), Matrix.of(output), options.byRow());
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, epsilon.size(0), epsilon.size(1));
    move(Matrix.of(epsilon), Matrix.of(inputGradient), !options.byRow());
    return result(inputGradient);
  }

  private void move(Matrix from, Matrix to, boolean byRow) {
    Kernel kernel = kernel(to);
    if (byRow) {
      kernel.gatherRows(from, order, to);
    } else {
      kernel.scatterRows(from, order, to);
    }
  }
}
