package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.AttentionVertex;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.LossTally;

class Seq2SeqGraphTest {

  private static final Seq2SeqConfig CONFIG = new Seq2SeqConfig(30, 16, 24, 0);
  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);

  private final Minibatch minibatch =
      Batches.of(5, 30, new int[] {4, 2, 6, 3}, new int[] {5, 9, 1, 7});

  @Test
  void tensorsBearTheNamesAndShapesOfABundle() {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      assertThat(model.weights().keySet())
          .containsExactly(
              "decoder.bias",
              "decoder.input_weight",
              "decoder.recurrent_weight",
              "encoder.bias",
              "encoder.input_weight",
              "encoder.recurrent_weight",
              "output.bias",
              "output.weight",
              "prompt_embedding.weight",
              "story_embedding.weight");
      assertThat(model.weights().get("encoder.input_weight").shape()).containsExactly(16, 96);
      assertThat(model.weights().get("output.weight").shape()).containsExactly(48, 30);
    }
  }

  @Test
  void anUntrainedModelHesitatesAmongTheWholeVocabulary() {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      model.weights().get("output.weight").assign(0);
      model.weights().get("output.bias").assign(0);

      LossTally tally = model.score(minibatch);

      assertThat(tally.perplexity()).isCloseTo(30, within(1e-3));
      assertThat(tally.tokens()).isEqualTo(26);
    }
  }

  @Test
  void aGraphOfLearnedWeightsScoresAsTheOneThatLearnedThem() {
    try (Seq2SeqGraph learned = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      learned.fit(minibatch);
      try (Seq2SeqGraph copy = Seq2SeqGraph.of(CONFIG, learned.weights())) {
        assertThat(copy.score(minibatch)).isEqualTo(learned.score(minibatch));
      }
    }
  }

  @Test
  void aStorysLossIsWhatItCostsAlone() {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      double[] together = model.storyNll(List.of(minibatch.whole()));

      assertThat(together).hasSize(minibatch.rows());
      for (int row = 0; row < together.length; row++) {
        Minibatch alone =
            new Minibatch(
                List.of(minibatch.prompts().get(row)), List.of(minibatch.stories().get(row)));
        assertThat(together[row]).isCloseTo(model.score(alone).nll(), within(1e-4));
      }
      assertThat(Arrays.stream(together).sum())
          .isCloseTo(model.score(minibatch).nll(), within(1e-4));
    }
  }

  @Test
  void itLearnsAMinibatchByHeart() {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      for (int i = 0; i < 150; i++) {
        model.fit(minibatch);
      }

      assertThat(model.score(minibatch).accuracy()).isEqualTo(1.0);
      assertThat(model.score(minibatch).perplexity()).isLessThan(1.2);
    }
  }

  @Test
  void theSameSeedGivesTheSameWeightsBitForBit() {
    Seq2SeqConfig dropping = new Seq2SeqConfig(30, 16, 24, 0.3);
    try (Seq2SeqGraph one = Seq2SeqGraph.create(dropping, OPTIMISATION);
        Seq2SeqGraph other = Seq2SeqGraph.create(dropping, OPTIMISATION)) {
      for (int i = 0; i < 5; i++) {
        one.fit(minibatch);
        other.fit(minibatch);
      }

      assertThat(one.graph().params().data().asFloat())
          .containsExactly(other.graph().params().data().asFloat());
    }
  }

  @Test
  void streamsDrawDropoutOfTheirOwn() {
    Seq2SeqConfig dropping = new Seq2SeqConfig(30, 16, 24, 0.3);
    try (Seq2SeqGraph one = Seq2SeqGraph.create(dropping, OPTIMISATION);
        Seq2SeqGraph other = Seq2SeqGraph.create(dropping, OPTIMISATION)) {
      other.setStream(1);

      assertThat(one.fit(minibatch).nll()).isNotEqualTo(other.fit(minibatch).nll());
    }
  }

  @Test
  void dropoutIsOffWhenScoring() {
    try (Seq2SeqGraph plain = Seq2SeqGraph.create(CONFIG, OPTIMISATION);
        Seq2SeqGraph dropping =
            Seq2SeqGraph.create(new Seq2SeqConfig(30, 16, 24, 0.5), OPTIMISATION)) {
      assertThat(dropping.score(minibatch)).isEqualTo(plain.score(minibatch));
    }
  }

  @Test
  void aPairsLossDoesNotDependOnItsBatchMates() {
    Options.of(30, 16, 24, 0)
        .forEach(
            (name, config) -> {
              try (Seq2SeqGraph model = Seq2SeqGraph.create(config, OPTIMISATION)) {
                double alone = 0;
                for (int row = 0; row < minibatch.rows(); row++) {
                  Minibatch single =
                      new Minibatch(
                          List.of(minibatch.prompts().get(row)),
                          List.of(minibatch.stories().get(row)));
                  alone += model.score(single).nll();
                }

                assertThat(model.score(minibatch).nll()).as(name).isCloseTo(alone, within(1e-4));
              }
            });
  }

  @Test
  void largeGradientsAreScaledDownToTheClip() {
    Optimisation tight = new Optimisation(0.01, 1e-3, 1);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, tight)) {
      model.fit(minibatch);

      assertThat(model.gradientNorm()).isGreaterThan(1e-3);
      INDArray clipped = model.graph().getUpdater().getStateViewArray();
      assertThat(clipped.length()).isEqualTo(2 * model.graph().params().length());
      double firstMoment = 0;
      float[] state = clipped.data().asFloat();
      for (int i = 0; i < state.length / 2; i++) {
        firstMoment += state[i] * state[i];
      }
      assertThat(Math.sqrt(firstMoment)).isCloseTo(0.1 * 1e-3, within(1e-6));
    }
  }

  @Test
  void fittingIsAGradientAndThenAnUpdate() {
    Seq2SeqConfig dropping = new Seq2SeqConfig(30, 16, 24, 0.3);
    try (Seq2SeqGraph whole = Seq2SeqGraph.create(dropping, OPTIMISATION);
        Seq2SeqGraph halves = Seq2SeqGraph.create(dropping, OPTIMISATION)) {
      for (int i = 0; i < 3; i++) {
        float[] before = halves.graph().params().data().asFloat();

        LossTally tally = halves.gradient(minibatch);
        assertThat(halves.graph().params().data().asFloat()).containsExactly(before);
        halves.update();

        assertThat(whole.fit(minibatch)).isEqualTo(tally);
        assertThat(halves.graph().params().data().asFloat())
            .isNotEqualTo(before)
            .containsExactly(whole.graph().params().data().asFloat());
        assertThat(halves.gradientNorm()).isEqualTo(whole.gradientNorm());
      }
      assertThat(halves.graph().getConfiguration().getIterationCount()).isEqualTo(3);
    }
  }

  @Test
  void aSeriesOfUpdatesLearnsWhatTheyWouldOneByOne() {
    forAllOptions(
        300,
        new Optimisation(0.01, 0.5, 1),
        (name, together, oneByOne) -> {
          for (int number = 0; number < 3; number++) {
            try (UpdateSeries series = together.series()) {
              for (int i = 0; i < 1 + 2 * number; i++) {
                Minibatch some = Batches.of(number + i, 300, new int[] {4, 2}, new int[] {5, 9});
                assertThat(series.fit(some)).as(name).isEqualTo(oneByOne.fit(some));
                assertThat(together.gradientNorm()).isEqualTo(oneByOne.gradientNorm());
              }
            }
            assertThat(state(together)).as(name).isEqualTo(state(oneByOne));
            together.fit(minibatch);
            oneByOne.fit(minibatch);
            assertThat(state(together)).as(name).isEqualTo(state(oneByOne));
          }
        });
  }

  /** What is to hold of two graphs that start alike. */
  private interface TwoGraphs {
    void check(String name, Seq2SeqGraph one, Seq2SeqGraph other);
  }

  private static void forAllOptions(int vocabulary, Optimisation optimisation, TwoGraphs graphs) {
    Options.of(vocabulary, 16, 24, 0.3)
        .forEach(
            (name, config) -> {
              try (Seq2SeqGraph one = Seq2SeqGraph.create(config, optimisation);
                  Seq2SeqGraph other = Seq2SeqGraph.create(config, optimisation)) {
                graphs.check(name, one, other);
              }
            });
  }

  private static float[] state(Seq2SeqGraph model) {
    INDArray moments = model.graph().getUpdater().getStateViewArray();
    return Nd4j.toFlattened(model.graph().params(), moments).toFloatVector();
  }

  @Test
  void aSeriesThatFailsLeavesTheGraphReadyForAnother() {
    Minibatch broken = new Minibatch(List.of(new int[] {4}), List.of(new int[] {31}));
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, OPTIMISATION);
        Seq2SeqGraph spared = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      assertThatThrownBy(
              () -> {
                try (UpdateSeries series = model.series()) {
                  series.fit(minibatch);
                  series.fit(broken);
                }
              })
          .isInstanceOf(IndexOutOfBoundsException.class);

      spared.fit(minibatch);
      assertThat(state(model)).isEqualTo(state(spared));
    }
  }

  @Test
  void withoutClippingItLearnsAsDl4jsOwnFitHasIt() {
    forAllOptions(
        30,
        new Optimisation(0.01, 1e9, 1),
        (name, ours, theirs) -> {
          for (int i = 0; i < 3; i++) {
            ours.fit(minibatch);
            theirs.graph().fit(minibatch.toDataSet(DataType.FLOAT));
          }
          assertThat(ours.graph().params().data().asFloat())
              .as(name)
              .containsExactly(theirs.graph().params().data().asFloat());
        });
  }

  @Test
  void attentionWeightsOfAPairLieOnTheTokensOfItsPrompt() {
    Minibatch pairs = Batches.of(5, 30, new int[] {4, 1, 6}, new int[] {2, 9, 0});
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, OPTIMISATION)) {
      model.graph().feedForward(pairs.toDataSet(DataType.FLOAT).getFeatures(), true);
      AttentionVertex attention = (AttentionVertex) model.graph().getVertex("attention");

      for (int row = 0; row < pairs.rows(); row++) {
        Matrix weights = attention.weights(row);
        assertThat(weights.rows()).isEqualTo(pairs.stories().get(row).length + 1);
        assertThat(weights.columns()).isEqualTo(pairs.prompts().get(row).length);
        for (int token = 0; token < weights.rows(); token++) {
          double sum = 0;
          for (int at = 0; at < weights.columns(); at++) {
            assertThat(weights.get(token, at)).isBetween(0.0, 1.0);
            sum += weights.get(token, at);
          }
          assertThat(sum).isCloseTo(1, within(1e-5));
        }
      }
    }
  }

  @Test
  void itsConfigurationSurvivesCloning() {
    for (Seq2SeqConfig config : Options.of(30, 16, 24, 0.3).values()) {
      try (Seq2SeqGraph model = Seq2SeqGraph.create(config, OPTIMISATION)) {
        ComputationGraphConfiguration own = model.graph().getConfiguration();
        ComputationGraphConfiguration copy = own.clone();
        ComputationGraph restored = new ComputationGraph(copy);
        restored.init();
        assertThat(restored.params().length()).isEqualTo(model.graph().params().length());
        assertThat(copy.getVertices()).isEqualTo(own.getVertices());
        restored.close();
      }
    }
  }

  @Test
  void initialWeightsKeepWithinPyTorchsBounds() {
    Seq2SeqConfig config =
        new Seq2SeqConfig(
            90, 16, 24, 2, true, AttentionKind.ADDITIVE, false, List.of(), false, 0, false);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, OPTIMISATION)) {
      Map.of(
              "encoder.input_weight", 12, // its own H is half of the model's
              "encoder.1.reverse.bias", 12,
              "decoder.1.recurrent_weight", 24,
              "attention.key_weight", 24,
              "output.weight", 48,
              "output.bias", 48)
          .forEach(
              (name, fan) -> {
                INDArray weight = model.weights().get(name);
                double bound = 1 / Math.sqrt(fan);
                assertThat(weight.amaxNumber().doubleValue())
                    .as(name)
                    .isBetween(0.9 * bound, bound);
              });
    }
  }
}
