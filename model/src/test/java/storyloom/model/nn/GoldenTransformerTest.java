package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;

/**
 * Losses, every gradient and the greedy stories of tiny fixed Transformers agree with PyTorch's;
 * golden_transformer.py made the numbers.
 */
class GoldenTransformerTest {

  private static final JsonNode GOLDEN = Golden.read("golden_transformer.json");

  private static Seq2SeqConfig config(JsonNode each) {
    int width = GOLDEN.get("width").asInt();
    return new Seq2SeqConfig(
        GOLDEN.get("vocabulary").asInt(),
        width,
        width,
        each.get("layers").asInt(),
        false,
        AttentionKind.DOT,
        each.get("tied").asBoolean(),
        List.of(),
        each.get("copy").asBoolean(),
        Golden.numbers(each.path("not_copied")),
        0,
        false,
        0,
        0,
        new TransformerConfig(each.get("heads").asInt(), GOLDEN.get("feed_forward").asInt()));
  }

  static Stream<Arguments> casesAndTypes() {
    return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
        .flatMap(
            each ->
                Stream.of(
                    Arguments.of(config(each), DataType.DOUBLE, 1e-10, each),
                    Arguments.of(config(each), DataType.FLOAT, 1e-5, each)));
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void lossAndGradientsAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = Golden.model(config, 0, type, golden.get("weights"))) {
      Golden.assertLearnsAs(golden, model, Golden.minibatch(golden), type, tolerance);

      assertThat(model.score(Golden.minibatch(golden)).ownNll() / Golden.minibatch(golden).tokens())
          .isCloseTo(golden.get("loss").asDouble(), within(tolerance));
    }
  }

  static Stream<Arguments> cases() {
    return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
        .map(each -> Arguments.of(config(each), each));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void greedyStoriesAreThoseOfPyTorch(Seq2SeqConfig config, JsonNode golden) {
    List<int[]> prompts = Golden.sequences(golden.get("prompts"));
    try (Seq2SeqGraph model = Golden.model(config, 0, DataType.FLOAT, golden.get("weights"))) {
      Golden.assertWritesAs(golden, model, prompts, GOLDEN.get("longest").asInt());
    }
  }
}
