package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.config.Seq2SeqConfig;

/**
 * Loss and every gradient of a tiny fixed model with each kind of output agree with PyTorch's;
 * golden_output.py made the numbers.
 */
class GoldenOutputTest {

  private static final JsonNode GOLDEN = Golden.read("golden_output.json");

  static List<Arguments> casesAndTypes() {
    List<Arguments> cases = new ArrayList<>();
    for (JsonNode golden : GOLDEN.get("cases")) {
      cases.add(Arguments.of(golden.get("name").asText(), DataType.DOUBLE, 1e-10, golden));
      cases.add(Arguments.of(golden.get("name").asText(), DataType.FLOAT, 1e-5, golden));
    }
    return cases;
  }

  private static Seq2SeqGraph model(JsonNode golden, DataType type) {
    Seq2SeqConfig config =
        OutputOptions.config(
            GOLDEN.get("vocabulary").asInt(),
            GOLDEN.get("embedding").asInt(),
            GOLDEN.get("hidden").asInt(),
            golden.get("tied").asBoolean(),
            IntStream.of(Golden.ints(golden.get("adaptive"))).boxed().toList());
    return Golden.model(config, golden.get("smoothing").asDouble(), type, golden.get("weights"));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("casesAndTypes")
  void lossAndGradientsAgreeWithPyTorch(
      String name, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = model(golden, type)) {
      Golden.assertLearnsAs(golden, model, Golden.minibatch(GOLDEN), type, tolerance);
      assertThat(model.output().tally().loss())
          .isCloseTo(golden.get("nll").asDouble(), within(tolerance));
    }
  }
}
