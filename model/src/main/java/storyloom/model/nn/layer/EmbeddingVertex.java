package storyloom.model.nn.layer;

import java.util.List;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Looks up the embedding of each real token.
 *
 * <pre>
 *   ids [b,L] → x [N,E],  x[n] = weight[id of packed token n; <OOV> for a copied word's, from V on]
 * </pre>
 *
 * <p>N is the number of real tokens, E the embedding size, weight [V,E], which several vertices may
 * share. Keras: {@code Embedding(mask_zero=True)}.
 */
public final class EmbeddingVertex extends ParameterVertex {

  /**
   * How an embedding is set.
   *
   * @param model its sizes, and whether there are ids of copied words; else all are below V
   * @param borrowing whether the weight is another vertex's; then this one learns none
   */
  public record Options(Seq2SeqConfig model, boolean borrowing) implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return borrowing ? List.of() : Seq2SeqTensors.embedding(model);
    }

    @Override
    public EmbeddingVertex vertex(Place place) {
      return new EmbeddingVertex(this, place);
    }
  }

  private final Seq2SeqConfig model;
  private EmbeddingVertex owner = this;
  private boolean tied;
  private DeferredRows deferred;
  private int[] ids;

  EmbeddingVertex(Options options, Place place) {
    super(place);
    this.model = options.model();
  }

  /**
   * Looks up in the weight of a vertex of the same graph, which may be this one, and shares it with
   * the output layer, whose backward pass has written its gradient by the time this one adds to it.
   */
  public void tie(EmbeddingVertex owner) {
    this.owner = owner;
    this.tied = true;
  }

  /** Whether the output layer, of which each minibatch uses all, has the same weight. */
  public boolean isTied() {
    return tied;
  }

  /**
   * Has rows of the weight brought up to date before they are read.
   *
   * @param rows of this vertex; null if all are up to date
   */
  public void defer(DeferredRows rows) {
    this.deferred = rows;
  }

  /** The weight [V,E], and its gradient if there is one. */
  public Parameter parameter() {
    return owner.parameter(Seq2SeqTensors.WEIGHT);
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    int[] packed = Packing.of(inputs[0]).pack(inputs[0]);
    ids = model.copy() ? Minibatch.known(packed, model.vocabulary()) : packed;
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, ids.length, model.embedding());
    Matrix x = Matrix.of(output);
    Kernel kernel = kernel(x);

    if (deferred != null) {
      deferred.use(ids);
    }
    kernel.gatherRows(parameter().value(), ids, x);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    Matrix dx = Matrix.of(epsilon);
    Kernel kernel = kernel(dx);
    Matrix dWeight = parameter().gradient();

    if (!tied && deferred == null) {
      kernel.clear(dWeight);
    }
    kernel.scatterAddRows(dx, ids, dWeight);
    return result((INDArray) null);
  }
}
