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
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.loss.LossTally;

/**
 * Losses, every gradient and the greedy stories of tiny fixed models that copy agree with
 * PyTorch's; golden_copy.py made the numbers.
 */
class GoldenCopyTest {

  private static final JsonNode GOLDEN = Golden.read("golden_copy.json");

  static List<Arguments> casesAndTypes() {
    return Golden.inBothTypes(GOLDEN);
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void lossesAndGradientsAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = Golden.model(config, 0, type, golden.get("weights"))) {
      Golden.assertLearnsAs(golden, model, Golden.minibatch(GOLDEN), type, tolerance);

      LossTally score = model.score(Golden.minibatch(GOLDEN));
      assertThat(score.loss()).isCloseTo(golden.get("pooled").asDouble(), within(tolerance));
      assertThat(score.ownNll() / score.tokens())
          .isCloseTo(golden.get("loss").asDouble(), within(tolerance));
    }
  }

  static Stream<Arguments> casesOfFloats() {
    return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
        .map(each -> Arguments.of(Golden.config(GOLDEN, each), each));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("casesOfFloats")
  void greedyStoriesAreThoseOfPyTorch(Seq2SeqConfig config, JsonNode golden) {
    List<int[]> prompts = Golden.sequences(GOLDEN.get("prompts"));
    try (Seq2SeqGraph model = Golden.model(config, 0, DataType.FLOAT, golden.get("weights"))) {
      model.graph().params().muli(GOLDEN.get("sharp").asInt());
      Golden.assertWritesAs(golden, model, prompts, GOLDEN.get("longest").asInt());
    }
  }
}
