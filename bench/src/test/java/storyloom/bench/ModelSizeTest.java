package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.bench.SharedOptions.ModelSize;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;

class ModelSizeTest {

  @ParameterizedTest
  @ValueSource(longs = {200, 5_000, 300_000, 12_300_000, 100_000_000})
  void noOtherVocabularyComesNearer(long parameters) {
    Seq2SeqConfig model = ModelSize.nearest(parameters);

    long each = 4L * model.hidden() + 1;
    assertThat(Math.abs(ModelSize.parameters(model) - parameters)).isLessThanOrEqualTo(each / 2);
    assertThat(model.vocabulary()).isGreaterThanOrEqualTo(4 * model.hidden());
  }

  @Test
  void theCountIsThatOfTheGraph() {
    Seq2SeqConfig model = ModelSize.nearest(5_000);
    try (Seq2SeqGraph graph = Seq2SeqGraph.create(model, new Optimisation(0.001, 5, 1))) {
      assertThat(graph.graph().params().length()).isEqualTo(ModelSize.parameters(model));
    }
  }
}
