package storyloom.model.nn.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

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
final class DropoutVertex extends ParameterVertex {

  private final DropoutSpec spec;

  DropoutVertex(
      DropoutSpec spec,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(spec, graph, name, index, parameters, type);
    this.spec = spec;
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
    if (spec.isVariational()) {
      int[] rows = Packing.of(graph.getInput(spec.getSequence())).rowsOfTokens();
      kernel.dropout(packed, rows, dropout(spec.getRate()));
    } else {
      kernel.dropout(packed, dropout(spec.getRate()));
    }
  }
}
