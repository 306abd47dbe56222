package storyloom.model.nn.attention;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.kernel.DropoutStream;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.Parameter;
import storyloom.model.nn.layer.ParameterVertex;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * A layer of a block: what it makes of its normed input is added to that input.
 *
 * <pre>
 *   output = x + dropout(layer(norm(x)))
 * </pre>
 *
 * <p>First input and output: [N,W], row after row. N real tokens, W width. The norm comes before
 * the layer ("pre-norm", Xiong et al. 2020), so that gradients reach the embeddings by the sums
 * alone, and learning needs no long warm-up.
 */
abstract class ResidualVertex extends ParameterVertex {

  private final Seq2SeqConfig model;
  private final int sequence;
  private Matrix normed;

  /**
   * @param model its width and dropout
   * @param sequence which of the graph's inputs holds the ids of x
   */
  ResidualVertex(Seq2SeqConfig model, int sequence, Place place) {
    super(place);
    this.model = model;
    this.sequence = sequence;
  }

  /**
   * What is added to x, before dropout.
   *
   * @param y [N,W], x normed; stays until the backward pass while training
   * @param out [N,W], written
   */
  abstract void forward(Matrix y, Matrix out, boolean training, LayerWorkspaceMgr workspaces);

  /**
   * The reverse of {@link #forward}; writes the gradients of its tensors.
   *
   * @param y [N,W], what the forward pass had
   * @param dOut [N,W], the gradient by what is added
   * @param dy [N,W], written
   * @return the gradients by all inputs but the first
   */
  abstract INDArray[] backward(Matrix y, Matrix dOut, Matrix dy, LayerWorkspaceMgr workspaces);

  /** The lengths of x. */
  final Packing packing() {
    return Packing.of(graph.getInput(sequence));
  }

  /** W. */
  final int width() {
    return model.hidden();
  }

  private LayerNorm norm() {
    Parameter gain = parameter(TransformerTensors.NORM_GAIN);
    return new LayerNorm(gain, parameter(TransformerTensors.NORM_BIAS));
  }

  @Override
  public final INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    Matrix x = input(0);
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, x.rows(), width());
    Matrix out = Matrix.of(output);
    Kernel kernel = kernel(out);
    normed = kept(workspaces, training, x.rows(), width());

    norm().forward(x, normed);
    forward(normed, out, training, workspaces);
    if (training) {
      drop(kernel, out);
    }
    kernel.add(x, out);
    return output;
  }

  @Override
  public final Pair<Gradient, INDArray[]> doBackward(
      boolean truncated, LayerWorkspaceMgr workspaces) {
    Matrix dOut = Matrix.of(epsilon);
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, dOut.rows(), dOut.columns());
    Matrix dx = Matrix.of(inputGradient);
    Kernel kernel = kernel(dx);
    Matrix dy = scratch(workspaces, dOut.rows(), width());

    kernel.copy(dOut, dx);
    drop(kernel, dOut);
    INDArray[] others = backward(normed, dOut, dy, workspaces);
    norm().backward(kernel, input(0), dy, dx, rows -> scratch(workspaces, rows, width()));
    INDArray[] all = new INDArray[others.length + 1];
    all[0] = inputGradient;
    System.arraycopy(others, 0, all, 1, others.length);
    return result(all);
  }

  private void drop(Kernel kernel, Matrix numbers) {
    if (model.dropout() == 0) {
      return;
    }
    DropoutStream stream = dropout(model.dropout());
    if (model.variationalDropout()) {
      kernel.dropout(numbers, rowsOfTokens(), stream);
    } else {
      kernel.dropout(numbers, stream);
    }
  }

  private int[] rowsOfTokens() {
    Packing packing = packing();
    return IntStream.range(0, packing.rows())
        .flatMap(row -> Arrays.stream(packing.tokensOf(row)).map(token -> row))
        .toArray();
  }
}
