package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.Options;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;

class WeightShapesTest {

  @Test
  void namesAndShapesAreThoseOfTheBundleFormat() {
    SortedMap<String, long[]> shapes = WeightShapes.of(new Seq2SeqConfig(11, 3, 5, 0));

    assertThat(shapes)
        .hasSize(10)
        .containsEntry("prompt_embedding.weight", new long[] {11, 3})
        .containsEntry("story_embedding.weight", new long[] {11, 3})
        .containsEntry("encoder.input_weight", new long[] {3, 20})
        .containsEntry("encoder.recurrent_weight", new long[] {5, 20})
        .containsEntry("encoder.bias", new long[] {20})
        .containsEntry("decoder.input_weight", new long[] {3, 20})
        .containsEntry("decoder.recurrent_weight", new long[] {5, 20})
        .containsEntry("decoder.bias", new long[] {20})
        .containsEntry("output.weight", new long[] {10, 11})
        .containsEntry("output.bias", new long[] {11});
  }

  @Test
  void everyOptionsTensorsAreThoseOfItsGraph() {
    Options.of(11, 3, 6, 0.1)
        .forEach(
            (name, config) -> {
              try (Seq2SeqGraph graph =
                  Seq2SeqGraph.create(config, new Optimisation(0.001, 5, 1))) {
                assertThat(WeightShapes.difference(graph.weights(), config)).as(name).isEmpty();
              }
            });
  }

  @Test
  void optionsAddTensorsUnderTheirOwnNames() {
    Seq2SeqConfig config =
        new Seq2SeqConfig(11, 3, 6, 2, true, AttentionKind.ADDITIVE, false, List.of(), 0, false);

    assertThat(WeightShapes.of(config))
        .hasSize(4 + 6 * 3 + 3)
        .containsEntry("encoder.input_weight", new long[] {3, 12})
        .containsEntry("encoder.reverse.recurrent_weight", new long[] {3, 12})
        .containsEntry("encoder.1.input_weight", new long[] {6, 12})
        .containsEntry("encoder.1.reverse.bias", new long[] {12})
        .containsEntry("decoder.1.input_weight", new long[] {6, 24})
        .containsEntry("attention.query_weight", new long[] {6, 6})
        .containsEntry("attention.key_weight", new long[] {6, 6})
        .containsEntry("attention.vector", new long[] {6})
        .containsEntry("output.weight", new long[] {12, 11});
  }

  @Test
  void aMissingAForeignAndAMisshapenTensorAreNamed() {
    assertThat(WeightShapes.difference(SmallModel.weights(), SmallModel.CONFIG)).isEmpty();

    SortedMap<String, INDArray> foreign = SmallModel.weights();
    foreign.put("attention.weight", Nd4j.zeros(2, 2));
    assertThat(WeightShapes.difference(foreign, SmallModel.CONFIG))
        .contains("the model has no attention.weight");

    SortedMap<String, INDArray> misshapen = SmallModel.weights();
    misshapen.put("output.bias", Nd4j.zeros(1, 6));
    assertThat(WeightShapes.difference(misshapen, SmallModel.CONFIG))
        .contains("output.bias has the shape [1, 6] where the model needs [6]");

    misshapen.remove("output.bias");
    assertThat(WeightShapes.difference(misshapen, SmallModel.CONFIG))
        .contains("it lacks output.bias");
  }
}
