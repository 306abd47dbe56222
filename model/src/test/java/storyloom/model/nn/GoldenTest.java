package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
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
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.Packing;

/**
 * Probabilities, loss and every gradient of tiny fixed models agree with PyTorch's, option by
 * option; golden.py made the numbers.
 */
class GoldenTest {

  private static final JsonNode GOLDEN = read();

  private static JsonNode read() {
    try (InputStream file = GoldenTest.class.getResourceAsStream("golden.json")) {
      return new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

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
        0,
        false,
        golden.path("recurrent_dropout").asDouble(),
        golden.path("embedding_dropout").asDouble());
  }

  private static Minibatch minibatch() {
    return new Minibatch(sequences("prompts"), sequences("stories"));
  }

  private static List<int[]> sequences(String name) {
    List<int[]> sequences = new ArrayList<>();
    for (JsonNode sequence : GOLDEN.get(name)) {
      int[] ids = new int[sequence.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = sequence.get(i).asInt();
      }
      sequences.add(ids);
    }
    return sequences;
  }

  private static Seq2SeqGraph model(Seq2SeqConfig config, DataType type, JsonNode weights) {
    Seq2SeqGraph model =
        Seq2SeqGraph.create(config, new Optimisation(0.001, 1e9, 1), new NoOp(), type);
    model
        .weights()
        .forEach(
            (name, tensor) -> {
              JsonNode numbers = weights.get(name);
              for (int i = 0; i < numbers.size(); i++) {
                tensor.putScalar(i, numbers.get(i).asDouble());
              }
            });
    return model;
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void lossAndGradientsAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = model(config, type, golden.get("weights"))) {
      MultiDataSet data = minibatch().toDataSet(type);
      model.graph().setInputs(data.getFeatures());
      model.graph().setLabels(data.getLabels());
      model.graph().computeGradientAndScore();

      assertThat(model.graph().score()).isCloseTo(golden.get("loss").asDouble(), within(tolerance));
      SortedMap<String, INDArray> gradients = model.gradients();
      assertThat(gradients.keySet()).isEqualTo(model.weights().keySet());
      gradients.forEach(
          (name, gradient) ->
              assertClose(name, gradient, golden.get("gradients").get(name), tolerance));
    }
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void probabilitiesAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = model(config, type, golden.get("weights"))) {
      MultiDataSet data = minibatch().toDataSet(type);
      INDArray packed = model.graph().outputSingle(data.getFeatures());
      INDArray byRow = packed.dup('c');
      Matrix stories = Matrix.of(byRow);
      Kernel.of(stories)
          .gatherRows(Matrix.of(packed), Packing.of(data.getFeatures(1)).byRow(), stories);

      assertClose("probabilities", byRow, golden.get("probabilities"), tolerance);
    }
  }

  private static void assertClose(
      String name, INDArray actual, JsonNode expected, double tolerance) {
    assertThat(actual.length()).as(name).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.getDouble(i))
          .as("%s[%d]", name, i)
          .isCloseTo(expected.get(i).asDouble(), within(tolerance));
    }
  }
}
