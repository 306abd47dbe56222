package storyloom.model.nn;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.AdamTensor;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.DeferredRows;
import storyloom.model.nn.layer.EmbeddingVertex;

/**
 * Updates the parameters of a graph: the gradient of all of them together is scaled down to a
 * largest norm, then {@link AdamUpdater}'s equations are applied. DL4J's own updater would pass
 * over all parameters several times; here it is once for the norm, and once for the rest. Source of
 * the clipping, which DL4J does for each layer on its own: Pascanu, Mikolov and Bengio 2013;
 * PyTorch: {@code clip_grad_norm_}.
 */
final class ClippedAdam {

  /** Parameters that lie side by side. */
  private static final class Part {
    final AdamTensor tensor;
    final AdamUpdater adam;
    final EmbeddingVertex embedding;
    DeferredRows deferred;

    /**
     * @param embedding whose rows this is; null if each minibatch uses all of it
     */
    Part(AdamTensor tensor, AdamUpdater adam, EmbeddingVertex embedding) {
      this.tensor = tensor;
      this.adam = adam;
      this.embedding = embedding;
    }

    double squaredNorm() {
      return deferred == null
          ? tensor.kernel().squaredNorm(tensor.gradient())
          : deferred.squaredNorm();
    }

    void update(AdamStep step, double factor) {
      if (deferred == null) {
        tensor.kernel().adam(tensor, factor, step);
      } else {
        deferred.update(step, factor);
      }
    }
  }

  private final double clip;
  private final List<Part> parts = new ArrayList<>();

  /**
   * @param graph whose parameters are all learned by an {@link AdamUpdater}
   * @param clip largest norm of the gradient
   */
  ClippedAdam(ComputationGraph graph, double clip) {
    this.clip = clip;
    for (UpdaterBlock block : graph.getUpdater(true).getUpdaterBlocks()) {
      AdamUpdater adam = (AdamUpdater) block.getGradientUpdater();
      int first = block.getParamOffsetStart();
      int start = first;
      for (ParamState state : block.getLayersAndVariablesInBlock()) {
        if (state.getLayer() instanceof EmbeddingVertex embedding && !embedding.isTied()) {
          addStretches(graph, adam, first, start, state.getParamOffsetStart());
          parts.add(table(adam, first, state, embedding));
          start = state.getParamOffsetEnd();
        }
      }
      addStretches(graph, adam, first, start, block.getParamOffsetEnd());
    }
  }

  private void addStretches(ComputationGraph graph, AdamUpdater adam, int first, int from, int to) {
    if (from == to) {
      return;
    }
    List<Matrix> parameters = stretches(graph.params(), from, to);
    List<Matrix> gradients = stretches(graph.getFlattenedGradients(), from, to);
    List<Matrix> means = stretches(adam.mean(), from - first, to - first);
    List<Matrix> squares = stretches(adam.meanSquare(), from - first, to - first);
    for (int i = 0; i < parameters.size(); i++) {
      AdamTensor tensor =
          new AdamTensor(parameters.get(i), gradients.get(i), means.get(i), squares.get(i));
      parts.add(new Part(tensor, adam, null));
    }
  }

  private static Part table(
      AdamUpdater adam, int first, ParamState state, EmbeddingVertex embedding) {
    int from = state.getParamOffsetStart() - first;
    int to = state.getParamOffsetEnd() - first;
    Matrix weight = embedding.parameter().value();
    Matrix m = Matrix.of(part(adam.mean(), from, to)).shaped(weight.rows(), weight.columns());
    Matrix v = Matrix.of(part(adam.meanSquare(), from, to)).shaped(weight.rows(), weight.columns());
    AdamTensor tensor = new AdamTensor(weight, embedding.parameter().gradient(), m, v);
    return new Part(tensor, adam, embedding);
  }

  private static List<Matrix> stretches(INDArray flat, int from, int to) {
    return Matrix.stretches(part(flat, from, to));
  }

  private static INDArray part(INDArray flat, int from, int to) {
    return flat.reshape(flat.length()).get(NDArrayIndex.interval(from, to));
  }

  /**
   * One update by the gradient.
   *
   * @param iteration updates made before this one
   * @return the norm of the gradient, before clipping
   */
  double update(int iteration) {
    double norm = Math.sqrt(parts.stream().mapToDouble(Part::squaredNorm).reduce(0, Double::sum));
    double factor = norm > clip ? clip / norm : 1;
    for (Part part : parts) {
      part.update(part.adam.step(iteration), factor);
    }
    return norm;
  }

  /** From now on, rows of embeddings are updated when they are used. */
  void defer() {
    for (Part part : parts) {
      if (part.embedding != null) {
        part.deferred = new DeferredRows(part.tensor);
        part.embedding.defer(part.deferred);
      }
    }
  }

  /** Makes all updates that wait; from now on, none does. */
  void catchUp() {
    for (Part part : parts) {
      if (part.deferred != null) {
        part.deferred.catchUp();
        part.embedding.defer(null);
        part.deferred = null;
      }
    }
  }
}
