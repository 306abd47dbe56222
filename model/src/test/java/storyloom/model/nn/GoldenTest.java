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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Loss and every gradient of a tiny fixed model agree with PyTorch's; golden.py made the numbers.
 */
class GoldenTest {

  private static JsonNode golden;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream file = GoldenTest.class.getResourceAsStream("golden.json")) {
      golden = new ObjectMapper().readTree(file);
    }
  }

  private static List<int[]> sequences(String name) {
    List<int[]> sequences = new ArrayList<>();
    for (JsonNode sequence : golden.get(name)) {
      int[] ids = new int[sequence.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = sequence.get(i).asInt();
      }
      sequences.add(ids);
    }
    return sequences;
  }

  private static Seq2SeqGraph model(DataType type) {
    Seq2SeqConfig config =
        new Seq2SeqConfig(
            golden.get("vocabulary").asInt(),
            golden.get("embedding").asInt(),
            golden.get("hidden").asInt(),
            0);
    Seq2SeqGraph model =
        Seq2SeqGraph.create(config, new Optimisation(0.001, 1e9, 1), new NoOp(), type);
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

  @ParameterizedTest
  @CsvSource({"DOUBLE, 1e-10", "FLOAT, 1e-5"})
  void lossAndGradientsAgreeWithPyTorch(DataType type, double tolerance) {
    Minibatch minibatch = new Minibatch(sequences("prompts"), sequences("stories"));
    try (Seq2SeqGraph model = model(type)) {
      MultiDataSet data = minibatch.toDataSet(type);
      model.graph().setInputs(data.getFeatures());
      model.graph().setLabels(data.getLabels());
      model.graph().computeGradientAndScore();

      assertThat(model.graph().score()).isCloseTo(golden.get("loss").asDouble(), within(tolerance));
      SortedMap<String, INDArray> gradients = model.gradients();
      assertThat(gradients.keySet()).isEqualTo(model.weights().keySet());
      gradients.forEach(
          (name, gradient) -> {
            JsonNode expected = golden.get("gradients").get(name);
            assertThat(gradient.length()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
              assertThat(gradient.getDouble(i))
                  .as("%s[%d]", name, i)
                  .isCloseTo(expected.get(i).asDouble(), within(tolerance));
            }
          });
    }
  }
}
