package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.train.plan.TrainingPlan;

class StateBroadcastTest {

  private static final Seq2SeqConfig MODEL = new Seq2SeqConfig(12, 4, 4, 0);
  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);

  private final JavaSparkContext context = LocalSpark.context();

  @Test
  void aBroadcastStateArrivesAsItIsAndIsDestroyedWhenClosed() {
    TrainingPlan plan = new TrainingPlan(MODEL, OPTIMISATION, 1, 1, 1, 1);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(MODEL, OPTIMISATION);
        ExecutorGraph graph = ExecutorGraph.take(plan, 1)) {
      model.graph().params().addi(1);
      StateBroadcast broadcast = StateBroadcast.of(context, StateSlices.of(model.graph()), 0, 0);

      broadcast.loadInto(graph);
      assertThat(graph.model().graph().params()).isEqualTo(model.graph().params());

      broadcast.close();
      assertThatThrownBy(() -> broadcast.loadInto(graph)).hasMessageContaining("destroyed");
    } finally {
      ExecutorGraph.freeIdle();
    }
  }
}
