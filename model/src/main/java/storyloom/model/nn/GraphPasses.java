package storyloom.model.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.layer.WindowedVertex;
import storyloom.model.nn.output.OutputLayer;

/**
 * What DL4J's graph is put through, one pass at a time: the gradient of a window of stories, the
 * update by that gradient, the score of a window. The first two together are what DL4J calls {@code
 * fit}: apart, gradients can be added up or averaged before an update.
 */
final class GraphPasses {

  private static final WorkspaceConfiguration SCRATCH =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .overallocationLimit(0.05)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyReset(ResetPolicy.BLOCK_LEFT)
          .policySpill(SpillPolicy.REALLOCATE)
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .build();

  private final ComputationGraph graph;
  private final double clip;
  private final List<WindowedVertex> windowed;
  private ClippedAdam adam;
  private double norm = Double.NaN;

  /**
   * @param graph with one output layer
   * @param clip largest norm of the gradient of all weights together
   */
  GraphPasses(ComputationGraph graph, double clip) {
    this.graph = graph;
    this.clip = clip;
    this.windowed =
        Arrays.stream(graph.getVertices())
            .filter(WindowedVertex.class::isInstance)
            .map(WindowedVertex.class::cast)
            .toList();
  }

  /** The graph's only output layer. */
  OutputLayer output() {
    return (OutputLayer) graph.getOutputLayer(0);
  }

  /** Forward and backward: afterwards the graph's flat gradient is that of this window. */
  void gradient(StoryWindow window) {
    MultiDataSet data = window.toDataSet(graph.params().dataType());
    graph.setInputs(data.getFeatures());
    graph.setLabels(data.getLabels());
    windowed.forEach(vertex -> vertex.read(window));
    output().setShare(window.share());
    try {
      graph.computeGradientAndScore();
    } finally {
      output().setShare(1);
      windowed.forEach(WindowedVertex::readWhole);
      graph.clearLayersStates();
      close(data);
    }
  }

  /** Clips the graph's flat gradient, and lets Adam change the parameters by it. */
  void update() {
    ComputationGraphConfiguration configuration = graph.getConfiguration();
    int iteration = configuration.getIterationCount();
    norm = adam().update(iteration);
    configuration.setIterationCount(iteration + 1);
  }

  private ClippedAdam adam() {
    if (adam == null) {
      adam = new ClippedAdam(graph, clip);
    }
    return adam;
  }

  /** From now on, what no minibatch uses is not updated until {@link #endSeries}. */
  void startSeries() {
    adam().defer();
  }

  /** Makes all updates that wait. */
  void endSeries() {
    adam().catchUp();
  }

  /** Norm of the gradient of the last {@link #update}, before clipping; NaN before the first. */
  double norm() {
    return norm;
  }

  /**
   * Forward up to the loss, as when not training, after which no array is left open: DL4J's own
   * {@code score} leaves all activations to the garbage collector, which knows nothing of memory
   * off the heap.
   */
  void score(StoryWindow window) {
    MultiDataSet data = window.toDataSet(graph.params().dataType());
    windowed.forEach(vertex -> vertex.read(window));
    try {
      score(data);
    } finally {
      windowed.forEach(WindowedVertex::readWhole);
      close(data);
    }
  }

  private void score(MultiDataSet data) {
    graph.setInputs(data.getFeatures());
    Map<String, INDArray> activations = graph.feedForward(false, true, true);
    LayerWorkspaceMgr workspaces =
        LayerWorkspaceMgr.builder()
            .with(ArrayType.FF_WORKING_MEM, "WS_SCORING", SCRATCH)
            .defaultNoWorkspace() // of all others: what is scoped out already stays so
            .build();
    LayerVertex vertex = (LayerVertex) graph.getVertex(Seq2SeqTensors.OUTPUT);
    try (MemoryWorkspace scratch = workspaces.notifyScopeEntered(ArrayType.FF_WORKING_MEM)) {
      output().setLabels(data.getLabels(0));
      vertex.computeScore(0, false, workspaces);
    } finally {
      graph.clearLayersStates();
      graph.clear();
      graph.getConfiguration().getNetworkInputs().forEach(activations::remove);
      activations.values().forEach(INDArray::close);
    }
  }

  private static void close(MultiDataSet data) {
    for (INDArray array : data.getFeatures()) {
      array.close();
    }
    for (INDArray array : data.getLabels()) {
      array.close();
    }
  }

  /** Frees what is kept from one window to the next. */
  void forget() {
    windowed.forEach(WindowedVertex::forget);
  }
}
