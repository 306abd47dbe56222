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
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;

/**
 * Loss and every gradient of a tiny fixed model with each kind of output agree with PyTorch's;
 * golden_output.py made the numbers.
 */
class GoldenOutputTest {

  private static final JsonNode GOLDEN = read();

  private static JsonNode read() {
    try (InputStream file = GoldenOutputTest.class.getResourceAsStream("golden_output.json")) {
      return new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Arguments> casesAndTypes() {
    List<Arguments> cases = new ArrayList<>();
    for (JsonNode golden : GOLDEN.get("cases")) {
      cases.add(Arguments.of(golden.get("name").asText(), DataType.DOUBLE, 1e-10, golden));
      cases.add(Arguments.of(golden.get("name").asText(), DataType.FLOAT, 1e-5, golden));
    }
    return cases;
  }

  private static List<int[]> sequences(String name) {
    return StreamSupport.stream(GOLDEN.get(name).spliterator(), false)
        .map(GoldenOutputTest::ints)
        .toList();
  }

  private static int[] ints(JsonNode numbers) {
    return IntStream.range(0, numbers.size()).map(i -> numbers.get(i).asInt()).toArray();
  }

  private static Seq2SeqGraph model(JsonNode golden, DataType type) {
    Seq2SeqConfig config =
        OutputOptions.config(
            GOLDEN.get("vocabulary").asInt(),
            GOLDEN.get("embedding").asInt(),
            GOLDEN.get("hidden").asInt(),
            golden.get("tied").asBoolean(),
            IntStream.of(ints(golden.get("adaptive"))).boxed().toList());
    Optimisation optimisation = new Optimisation(0.001, 1e9, golden.get("smoothing").asDouble(), 1);
    Seq2SeqGraph model = Seq2SeqGraph.create(config, optimisation, new NoOp(), type);
    model
        .weights()
        .forEach(
            (name, tensor) -> {
              JsonNode numbers = golden.get("weights").get(name);
              for (int i = 0; i < numbers.size(); i++) {
                tensor.putScalar(i, numbers.get(i).asDouble());
              }
            });
    return model;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("casesAndTypes")
  void lossAndGradientsAgreeWithPyTorch(
      String name, DataType type, double tolerance, JsonNode golden) {
    Minibatch minibatch = new Minibatch(sequences("prompts"), sequences("stories"));
    try (Seq2SeqGraph model = model(golden, type)) {
      MultiDataSet data = minibatch.toDataSet(type);
      model.graph().setInputs(data.getFeatures());
      model.graph().setLabels(data.getLabels());
      model.graph().computeGradientAndScore();

      assertThat(model.graph().score()).isCloseTo(golden.get("loss").asDouble(), within(tolerance));
      assertThat(model.output().tally().loss())
          .isCloseTo(golden.get("nll").asDouble(), within(tolerance));
      SortedMap<String, INDArray> gradients = model.gradients();
      assertThat(gradients.keySet()).isEqualTo(model.weights().keySet());
      gradients.forEach(
          (tensor, gradient) -> {
            JsonNode expected = golden.get("gradients").get(tensor);
            assertThat(gradient.length()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
              assertThat(gradient.getDouble(i))
                  .as("%s[%d]", tensor, i)
                  .isCloseTo(expected.get(i).asDouble(), within(tolerance));
            }
          });
    }
  }
}
