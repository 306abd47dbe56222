package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.Seq2SeqConfig;

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
