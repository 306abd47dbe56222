package storyloom.model.nn;

import java.util.Map;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
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

/**
 * A forward pass up to the loss, after which no array is left open: DL4J's own {@code score} leaves
 * all activations to the garbage collector, which knows nothing of memory off the heap.
 */
final class Scoring {

  private static final WorkspaceConfiguration SCRATCH =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .overallocationLimit(0.05)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyReset(ResetPolicy.BLOCK_LEFT)
          .policySpill(SpillPolicy.REALLOCATE)
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .build();

  private Scoring() {}

  /**
   * Has the output layer compute its score as it does when not training.
   *
   * @param output name of the graph's only output layer
   * @param data stays open
   */
  static void run(ComputationGraph graph, String output, MultiDataSet data) {
    graph.setInputs(data.getFeatures());
    Map<String, INDArray> activations = graph.feedForward(false, true, true);
    LayerWorkspaceMgr workspaces =
        LayerWorkspaceMgr.builder()
            .with(ArrayType.FF_WORKING_MEM, "WS_SCORING", SCRATCH)
            .defaultNoWorkspace() // of all others: what is scoped out already stays so
            .build();
    LayerVertex vertex = (LayerVertex) graph.getVertex(output);
    try (MemoryWorkspace scratch = workspaces.notifyScopeEntered(ArrayType.FF_WORKING_MEM)) {
      ((IOutputLayer) vertex.getLayer()).setLabels(data.getLabels(0));
      vertex.computeScore(0, false, workspaces);
    } finally {
      graph.clearLayersStates();
      graph.clear();
      graph.getConfiguration().getNetworkInputs().forEach(activations::remove);
      activations.values().forEach(INDArray::close);
    }
  }
}
