package storyloom.model.nn.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Reverses each row of the batch, its last real token first, so that an LSTM over the result reads
 * backwards.
 *
 * <pre>
 *   y[t] = x[length − 1 − t]  for each row
 * </pre>
 *
 * <p>Input: packed [N,W], perhaps with final states behind it, which are left out. Output: packed
 * [N,W]. N real tokens, W width. TensorFlow calls it {@code reverse_sequence}; Keras: {@code
 * LSTM(go_backwards=True)}.
 */
public final class ReversalVertex extends ParameterVertex {

  /**
   * How a reversal is set.
   *
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   */
  public record Options(int sequence) implements VertexSpec.Options {

    @Override
    public ReversalVertex vertex(Place place) {
      return new ReversalVertex(this, place);
    }
  }

  private final Options options;
  private int[] reversal;

  ReversalVertex(Options options, Place place) {
    super(place);
    this.options = options;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    reversal = Packing.of(graph.getInput(options.sequence())).reversal();
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, reversal.length, inputs[0].size(1));
    Matrix y = Matrix.of(output);

    kernel(y).gatherRows(input(0), reversal, y);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[0].size(0), inputs[0].size(1));
    Matrix dy = Matrix.of(epsilon);
    Matrix dx = Matrix.of(inputGradient);
    Kernel kernel = kernel(dx);

    kernel.scatterRows(dy, reversal, dx);
    kernel.clear(dx.rows(reversal.length, dx.rows()));
    return result(inputGradient);
  }
}
