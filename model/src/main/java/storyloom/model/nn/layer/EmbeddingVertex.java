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
 * Looks up the embedding of each real token.
 *
 * <pre>
 *   ids [b,L] → x [N,E],  x[n] = weight[id of packed token n]
 * </pre>
 *
 * <p>N is the number of real tokens, E the embedding size, weight [V,E], which several vertices may
 * share. Keras: {@code Embedding(mask_zero=True)}.
 */
public final class EmbeddingVertex extends ParameterVertex {

  private final EmbeddingSpec spec;
  private EmbeddingVertex owner = this;
  private boolean tied;
  private int[] ids;

  EmbeddingVertex(
      EmbeddingSpec spec,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(spec, graph, name, index, parameters, type);
    this.spec = spec;
  }

  /**
   * Looks up in the weight of a vertex of the same graph, which may be this one, and shares it with
   * the output layer, whose backward pass has written its gradient by the time this one adds to it.
   */
  public void tie(EmbeddingVertex owner) {
    this.owner = owner;
    this.tied = true;
  }

  /** The weight [V,E], and its gradient if there is one. */
  public Parameter parameter() {
    return new Parameter(
        owner.weight(EmbeddingSpec.WEIGHT),
        owner.getGradientsViewArray() == null ? null : owner.gradient(EmbeddingSpec.WEIGHT));
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    ids = Packing.of(inputs[0]).pack(inputs[0]);
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, ids.length, spec.getEmbedding());
    Matrix x = Matrix.of(output);
    Kernel kernel = kernel(x);

    kernel.gatherRows(parameter().value(), ids, x);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    Matrix dx = Matrix.of(epsilon);
    Kernel kernel = kernel(dx);
    Matrix dWeight = parameter().gradient();

    if (!tied) {
      kernel.clear(dWeight);
    }
    kernel.scatterAddRows(dx, ids, dWeight);
    return result((INDArray) null);
  }
}
