package storyloom.model.nn.attention;

import java.util.List;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.ParameterVertex;
import storyloom.model.nn.layer.VertexSpec;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Layer normalisation behind the last block, without which pre-norm blocks would end in sums of any
 * size. Input and output: [N,W].
 */
public final class NormVertex extends ParameterVertex {

  /**
   * How a norm is set.
   *
   * @param model its width
   */
  public record Options(Seq2SeqConfig model) implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return TransformerTensors.norm(model);
    }

    @Override
    public NormVertex vertex(Place place) {
      return new NormVertex(place);
    }
  }

  NormVertex(Place place) {
    super(place);
  }

  private LayerNorm norm() {
    return new LayerNorm(
        parameter(TransformerTensors.NORM_GAIN), parameter(TransformerTensors.NORM_BIAS));
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray output =
        array(workspaces, ArrayType.ACTIVATIONS, inputs[0].size(0), inputs[0].size(1));
    norm().forward(input(0), Matrix.of(output));
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, epsilon.size(0), epsilon.size(1));
    Matrix dx = Matrix.of(inputGradient);
    Kernel kernel = kernel(dx);
    kernel.clear(dx);
    norm()
        .backward(
            kernel,
            input(0),
            Matrix.of(epsilon),
            dx,
            rows -> scratch(workspaces, rows, dx.columns()));
    return result(inputGradient);
  }
}
