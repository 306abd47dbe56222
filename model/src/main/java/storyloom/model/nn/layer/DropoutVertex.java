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
 * Inverted dropout of packed tokens while training; otherwise they pass as they are.
 *
 * <pre>
 *   y[n,w] = x[n,w]·keep / (1 − rate),  keep = 0 with probability rate, else 1
 * </pre>
 *
 * <p>x and y packed [N,W], N real tokens. Plain: each number is drawn by itself (Srivastava et al.
 * 2014; PyTorch's {@code Dropout}). Variational: each row of the batch draws one mask [W] for all
 * of its tokens (Gal and Ghahramani 2016; Keras: {@code noise_shape=(b, 1, W)}).
 */
public final class DropoutVertex extends ParameterVertex {

  /**
   * How dropout is set.
   *
   * @param rate share of the numbers that is zeroed
   * @param variational whether a row of the batch drops the same numbers at each of its steps
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   */
  public record Options(double rate, boolean variational, int sequence)
      implements VertexSpec.Options {

    @Override
    public DropoutVertex vertex(Place place) {
      return new DropoutVertex(this, place);
    }
  }

  private final Options options;

  DropoutVertex(Options options, Place place) {
    super(place);
    this.options = options;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray output =
        array(workspaces, ArrayType.ACTIVATIONS, inputs[0].size(0), inputs[0].size(1));
    Matrix y = Matrix.of(output);
    kernel(y).copy(input(0), y);
    if (training) {
      drop(y);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, epsilon.size(0), epsilon.size(1));
    Matrix dx = Matrix.of(inputGradient);
    kernel(dx).copy(Matrix.of(epsilon), dx);
    drop(dx);
    return result(inputGradient);
  }

  private void drop(Matrix packed) {
    Kernel kernel = kernel(packed);
    if (options.variational()) {
      int[] rows = Packing.of(graph.getInput(options.sequence())).rowsOfTokens();
      kernel.dropout(packed, rows, dropout(options.rate()));
    } else {
      kernel.dropout(packed, dropout(options.rate()));
    }
  }
}
