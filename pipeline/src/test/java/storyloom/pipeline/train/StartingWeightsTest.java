package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** A training that starts from a model of fewer tokens. */
class StartingWeightsTest {

  private static final int OLD = 30;
  private static final int GROWN = 37;

  private enum Output {
    FULL,
    TIED,
    ADAPTIVE
  }

  private static Seq2SeqConfig config(Output output, int vocabulary) {
    return new Seq2SeqConfig(
        vocabulary,
        8,
        16,
        1,
        false,
        AttentionKind.DOT,
        output == Output.TIED,
        output == Output.ADAPTIVE ? List.of(10, 20) : List.of(),
        false,
        0,
        false);
  }

  private static TrainingPlan plan(Output output, long seed) {
    return new TrainingPlan(config(output, GROWN), new Optimisation(0.01, 5, seed), 1, 4, 1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void oldRowsAreTheModelsAndNewOnesRandom(Output output) {
    try (Seq2SeqGraph old = Seq2SeqGraph.create(config(output, OLD), new Optimisation(0.01, 5, 3));
        Trainer fresh = trainer(output);
        Trainer grown = trainer(output)) {
      grown.startWith(Weights.of(old.weights()));

      SortedMap<String, INDArray> expected = new TreeMap<>(fresh.model().weights());
      grown
          .model()
          .weights()
          .forEach(
              (name, tensor) -> compare(name, tensor, old.weights().get(name), expected.get(name)));
    }
  }

  private static Trainer trainer(Output output) {
    return new Trainer(LocalSpark.context(), plan(output, 1), new Configuration(), new Silence());
  }

  private static void compare(String name, INDArray grown, INDArray old, INDArray fresh) {
    long columns = grown.rank() == 1 ? 1 : grown.size(1);
    for (long i = 0; i < grown.size(0); i++) {
      for (long j = 0; j < columns; j++) {
        boolean known = i < old.size(0) && (old.rank() == 1 || j < old.size(1));
        INDArray source = known ? old : fresh;
        assertThat(at(grown, i, j)).as("%s [%d,%d]", name, i, j).isEqualTo(at(source, i, j));
      }
    }
  }

  private static float at(INDArray tensor, long i, long j) {
    return tensor.rank() == 1 ? tensor.getFloat(i) : tensor.getFloat(i, j);
  }

  private static final class Silence implements TrainingProgress {
    @Override
    public void roundDone(RoundReport report) {}

    @Override
    public void epochDone(EpochReport report) {}
  }
}
