package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;

class InitialWeightsTest {

  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);

  private static double largest(INDArray weight) {
    return Math.max(weight.maxNumber().doubleValue(), -weight.minNumber().doubleValue());
  }

  /** E = 6 and H = 32, so I = 64; tails of 16 and 4 inputs. */
  @ParameterizedTest
  @CsvSource({
    "full, output.weight, 64",
    "full, output.bias, 64",
    "tied, output.projection, 64",
    "tied, output.bias, 6",
    "'adaptive, two tails', output.head.weight, 64",
    "'adaptive, two tails', output.tail.0.projection, 64",
    "'adaptive, two tails', output.tail.0.weight, 16",
    "'adaptive, two tails', output.tail.1.projection, 64",
    "'adaptive, two tails', output.tail.1.weight, 4",
  })
  void anOutputsLinearMapsStartWithinOneByTheRootOfTheirInputs(
      String option, String tensor, double inputs) {
    Seq2SeqConfig config = OutputOptions.of(300, 6, 32).get(option);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, OPTIMISATION)) {
      double bound = 1 / Math.sqrt(inputs);
      assertThat(largest(model.weights().get(tensor)))
          .isLessThanOrEqualTo(bound)
          .isCloseTo(bound, within(0.05 * bound));
    }
  }

  @Test
  void tiedEmbeddingsStartAsThoseOfPromptsThatAreNotTied() {
    Seq2SeqConfig tied = OutputOptions.config(300, 6, 32, true, List.of());
    Seq2SeqConfig free = OutputOptions.config(300, 6, 32, false, List.of());
    try (Seq2SeqGraph one = Seq2SeqGraph.create(tied, OPTIMISATION);
        Seq2SeqGraph other = Seq2SeqGraph.create(free, OPTIMISATION)) {
      SortedMap<String, INDArray> weights = one.weights();
      assertThat(weights.get("prompt_embedding.weight"))
          .isEqualTo(other.weights().get("prompt_embedding.weight"));
      assertThat(weights.get("encoder.bias")).isEqualTo(other.weights().get("encoder.bias"));
    }
  }
}
