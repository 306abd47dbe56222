package storyloom.model.nn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;

/**
 * Probabilities, loss and every gradient of tiny fixed models agree with PyTorch's, option by
 * option; golden.py made the numbers.
 */
class GoldenTest {

  private static final JsonNode GOLDEN = Golden.read("golden.json");

  static List<Arguments> casesAndTypes() {
    return IntStream.range(0, GOLDEN.get("cases").size())
        .mapToObj(GOLDEN.get("cases")::get)
        .flatMap(
            golden ->
                Stream.of(
                    Arguments.of(config(golden), DataType.DOUBLE, 1e-10, golden),
                    Arguments.of(config(golden), DataType.FLOAT, 1e-5, golden)))
        .toList();
  }

  private static Seq2SeqConfig config(JsonNode golden) {
    return new Seq2SeqConfig(
        GOLDEN.get("vocabulary").asInt(),
        GOLDEN.get("embedding").asInt(),
        GOLDEN.get("hidden").asInt(),
        golden.get("layers").asInt(),
        golden.get("bidirectional").asBoolean(),
        AttentionKind.of(golden.get("attention").asText()),
        false,
        List.of(),
        false,
        0,
        false,
        golden.path("recurrent_dropout").asDouble(),
        golden.path("embedding_dropout").asDouble());
  }

  private static Seq2SeqGraph model(Seq2SeqConfig config, DataType type, JsonNode weights) {
    Seq2SeqGraph model =
        Seq2SeqGraph.create(config, new Optimisation(0.001, 1e9, 1), new NoOp(), type);
    Golden.fill(model.weights(), weights);
    return model;
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void lossAndGradientsAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = model(config, type, golden.get("weights"))) {
      Golden.assertLearnsAs(golden, model, Golden.minibatch(GOLDEN), type, tolerance);
    }
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void probabilitiesAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = model(config, type, golden.get("weights"))) {
      MultiDataSet data = Golden.minibatch(GOLDEN).toDataSet(type);
      INDArray packed = model.graph().outputSingle(data.getFeatures());
      INDArray byRow = packed.dup('c');
      Matrix stories = Matrix.of(byRow);
      Kernel.of(stories)
          .gatherRows(Matrix.of(packed), Packing.of(data.getFeatures(1)).byRow(), stories);

      Golden.assertClose("probabilities", byRow, golden.get("probabilities"), tolerance);
    }
  }
}
