package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.Options;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;

class WeightsTest {

  @Test
  void everyOptionsTensorsAreThoseOfItsGraph() {
    Options.of(11, 3, 6, 0.1)
        .forEach(
            (name, config) -> {
              try (Seq2SeqGraph graph =
                  Seq2SeqGraph.create(config, new Optimisation(0.001, 5, 1))) {
                assertThat(Weights.difference(graph.weights(), config)).as(name).isEmpty();
              }
            });
  }

  @Test
  void aMissingAForeignAndAMisshapenTensorAreNamed() {
    assertThat(Weights.difference(SmallModel.weights(), SmallModel.CONFIG)).isEmpty();

    SortedMap<String, INDArray> foreign = SmallModel.weights();
    foreign.put("attention.weight", Nd4j.zeros(2, 2));
    assertThat(Weights.difference(foreign, SmallModel.CONFIG))
        .contains("the model has no attention.weight");

    SortedMap<String, INDArray> misshapen = SmallModel.weights();
    misshapen.put("output.bias", Nd4j.zeros(1, 6));
    assertThat(Weights.difference(misshapen, SmallModel.CONFIG))
        .contains("output.bias has the shape [1, 6] where the model needs [6]");

    misshapen.remove("output.bias");
    assertThat(Weights.difference(misshapen, SmallModel.CONFIG)).contains("it lacks output.bias");
  }
}
