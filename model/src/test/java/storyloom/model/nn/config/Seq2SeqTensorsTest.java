package storyloom.model.nn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class Seq2SeqTensorsTest {

  private static Map<String, long[]> shapes(Seq2SeqConfig config) {
    return Seq2SeqTensors.of(config).values().stream()
        .collect(Collectors.toMap(Tensor::name, Tensor::shape));
  }

  @Test
  void namesAndShapesAreThoseOfTheBundleFormat() {
    Map<String, long[]> shapes = shapes(new Seq2SeqConfig(11, 3, 5, 0));

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
  void optionsAddTensorsUnderTheirOwnNames() {
    Seq2SeqConfig config =
        new Seq2SeqConfig(
            11, 3, 6, 2, true, AttentionKind.ADDITIVE, false, List.of(), false, 0, false);

    assertThat(shapes(config))
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
  void aTransformersBlocksAreNumberedFromZeroAndItsTiedOutputHasNoProjection() {
    Seq2SeqConfig config = Seq2SeqConfig.transformer(11, 8, 2, new TransformerConfig(2, 32), 0);

    assertThat(shapes(config))
        .hasSize(2 + 2 * (6 + 4) + 2 * (6 + 6 + 4) + 2 * 2 + 1)
        .containsEntry("prompt_embedding.weight", new long[] {11, 8})
        .containsEntry("story_embedding.weight", new long[] {11, 8})
        .containsEntry("encoder.0.self_attention.norm_gain", new long[] {8})
        .containsEntry("encoder.0.self_attention.query_weight", new long[] {8, 8})
        .containsEntry("encoder.1.feed_forward.input_weight", new long[] {8, 32})
        .containsEntry("encoder.1.feed_forward.output_weight", new long[] {32, 8})
        .containsEntry("encoder.norm_bias", new long[] {8})
        .containsEntry("decoder.1.cross_attention.value_weight", new long[] {8, 8})
        .containsEntry("decoder.1.cross_attention.output_weight", new long[] {8, 8})
        .containsEntry("decoder.norm_gain", new long[] {8})
        .containsEntry("output.bias", new long[] {11});
  }

  @Test
  void dl4jsKeysHoldNoUnderscoreAndLeadBackToTheName() {
    Tensor tensor = Seq2SeqTensors.lstm(3, 5).get(0);

    assertThat(tensor.key()).isEqualTo("input-weight");
    assertThat(Tensor.ofKey("encoder.1", tensor.key())).isEqualTo("encoder.1.input_weight");
  }
}
