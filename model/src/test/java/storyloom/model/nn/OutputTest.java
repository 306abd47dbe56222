package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.loss.LossTally;

/** What holds of every kind of output: full, tied, adaptive. */
class OutputTest {

  private static final int VOCABULARY = 40;

  private final Minibatch minibatch =
      Batches.of(5, VOCABULARY, new int[] {4, 2, 6, 3, 1}, new int[] {5, 9, 1, 7, 0});

  static List<Arguments> options() {
    List<Arguments> all = new ArrayList<>();
    OutputOptions.of(VOCABULARY, 6, 16)
        .forEach((name, config) -> all.add(Arguments.of(name, config)));
    return all;
  }

  private static Seq2SeqGraph inDouble(Seq2SeqConfig config, double smoothing) {
    Optimisation optimisation = new Optimisation(0.01, 1e9, smoothing, 3);
    return Seq2SeqGraph.create(config, optimisation, new NoOp(), DataType.DOUBLE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void probabilitiesSumToOne(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.05, 5, 3))) {
      for (int i = 0; i < 10; i++) {
        model.fit(minibatch);
      }
      for (double[] distribution : probabilities(model)) {
        assertThat(Arrays.stream(distribution).sum()).isCloseTo(1, within(1e-5));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void scoreIsThatOfTheProbabilities(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = inDouble(config, 0)) {
      // far from an even distribution, so that no two tokens are equally likely
      model.weights().values().forEach(weight -> weight.muli(3));
      double[][] probabilities = probabilities(model);
      int[] targets = targets();
      double nll = 0;
      long correct = 0;
      for (int token = 0; token < targets.length; token++) {
        double target = probabilities[token][targets[token]];
        nll -= Math.log(target);
        correct += target >= Arrays.stream(probabilities[token]).max().orElseThrow() ? 1 : 0;
      }

      LossTally tally = model.score(minibatch);
      assertThat(tally.nll()).isCloseTo(nll, within(1e-10));
      assertThat(tally.tokens()).isEqualTo(targets.length);
      assertThat(tally.correct()).isEqualTo(correct);
    }
  }

  /** Stories that take at each step what the model thinks likeliest are all correct. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void theLikeliestTokensCountAsCorrectWhereverTheyLie(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = inDouble(config, 0)) {
      for (int favourite : new int[] {4, VOCABULARY / 3, VOCABULARY - 1}) {
        favour(model, config, favourite);
        Minibatch fond =
            new Minibatch(List.of(new int[] {5}), List.of(new int[] {favourite, favourite}));
        assertThat(model.score(fond).correct()).isEqualTo(2);

        int other = favourite == 4 ? VOCABULARY - 1 : 4;
        Minibatch cold = new Minibatch(List.of(new int[] {5}), List.of(new int[] {other, other}));
        assertThat(model.score(cold).correct()).isZero();
      }
    }
  }

  /** Makes a token likelier than all others, whatever the input. */
  private static void favour(Seq2SeqGraph model, Seq2SeqConfig config, int token) {
    SortedMap<String, INDArray> weights = model.weights();
    // h and so the features are constant: every gate of both LSTMs is fixed by its bias
    weights.values().forEach(weight -> weight.assign(0));
    weights.get("encoder.bias").assign(9);
    weights.get("decoder.bias").assign(9);
    if (config.copy()) {
      weights.get("copy.bias").assign(9);
    }
    if (config.adaptiveSoftmax().isEmpty()) {
      weights.get("output.bias").putScalar(token, 5);
      return;
    }
    AdaptiveClusters clusters = AdaptiveClusters.of(config);
    INDArray head = weights.get("output.head.weight");
    head.putScalar(0, clusters.column(token), 5);
    int tail = clusters.tail(token);
    if (tail >= 0) {
      weights.get("output.tail." + tail + ".projection").assign(1);
      weights.get("output.tail." + tail + ".weight").putScalar(0, token - clusters.first(tail), 5);
    }
  }

  @Test
  void aTokenMayBeTheLikeliestThoughAWholeClusterIsLikelier() {
    Seq2SeqConfig config = OutputOptions.config(VOCABULARY, 6, 16, false, List.of(10, 25));
    Minibatch four = new Minibatch(List.of(new int[] {5}), List.of(new int[] {4, 4}));
    try (Seq2SeqGraph model = inDouble(config, 0)) {
      favour(model, config, 4);
      model.weights().get("output.head.weight").putScalar(0, 10, 5.5);
      assertThat(model.score(four).correct()).isEqualTo(2);

      model.weights().get("output.tail.0.projection").assign(1);
      model.weights().get("output.tail.0.weight").putScalar(0, 7, 5);
      assertThat(model.score(four).correct()).isZero();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void chunksOfAnySizeGiveTheSame(String name, Seq2SeqConfig config) {
    double smoothing = config.adaptiveSoftmax().isEmpty() && !config.copy() ? 0.1 : 0;
    try (Seq2SeqGraph model = inDouble(config, smoothing)) {
      SortedMap<String, INDArray> whole = gradients(model);
      double loss = model.graph().score();
      LossTally score = model.score(minibatch);
      for (int chunk : new int[] {1, 3, 16}) {
        model.output().setChunk(chunk);
        gradients(model)
            .forEach(
                (tensor, gradient) ->
                    assertThat(gradient.distance2(whole.get(tensor))).as(tensor).isLessThan(1e-14));
        assertThat(model.graph().score()).isCloseTo(loss, within(1e-14));
        assertThat(model.score(minibatch).nll()).isCloseTo(score.nll(), within(1e-12));
        assertThat(model.score(minibatch).correct()).isEqualTo(score.correct());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void aPairsLossDoesNotDependOnItsBatchMates(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = inDouble(config, 0)) {
      double alone = 0;
      for (int row = 0; row < minibatch.rows(); row++) {
        alone +=
            model
                .score(
                    new Minibatch(
                        List.of(minibatch.prompts().get(row)),
                        List.of(minibatch.stories().get(row))))
                .nll();
      }
      assertThat(model.score(minibatch).nll()).isCloseTo(alone, within(1e-10));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void itLearnsAMinibatchByHeart(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.02, 5, 1))) {
      for (int i = 0; i < 150; i++) {
        model.fit(minibatch);
      }
      assertThat(model.score(minibatch).accuracy()).isEqualTo(1.0);
      try (Seq2SeqGraph copy = Seq2SeqGraph.of(config, model.weights())) {
        assertThat(copy.score(minibatch)).isEqualTo(model.score(minibatch));
      }
    }
  }

  @Test
  void tiedEmbeddingsAreOneArrayThatCountsOnce() {
    Seq2SeqConfig tied = OutputOptions.config(VOCABULARY, 6, 16, true, List.of());
    Seq2SeqConfig free = OutputOptions.config(VOCABULARY, 6, 16, false, List.of());
    try (Seq2SeqGraph model = Seq2SeqGraph.create(tied, new Optimisation(0.01, 5, 1));
        Seq2SeqGraph other = Seq2SeqGraph.create(free, new Optimisation(0.01, 5, 1))) {
      model.fit(minibatch);

      assertThat(model.weights().get("story_embedding.weight"))
          .isSameAs(model.weights().get("prompt_embedding.weight"));
      long saved = VOCABULARY * 6 + 32 * VOCABULARY - 32 * 6;
      assertThat(model.graph().params().length())
          .isEqualTo(other.graph().params().length() - saved);
    }
  }

  @Test
  void labelSmoothingLeavesTheTallyPlain() {
    Seq2SeqConfig config = OutputOptions.config(VOCABULARY, 6, 16, false, List.of());
    try (Seq2SeqGraph plain = inDouble(config, 0);
        Seq2SeqGraph smoothed = inDouble(config, 0.3)) {
      assertThat(smoothed.score(minibatch)).isEqualTo(plain.score(minibatch));
      assertThat(smoothed.graph().score()).isEqualTo(plain.graph().score());
      assertThat(smoothed.gradient(minibatch)).isEqualTo(plain.gradient(minibatch));
      assertThat(smoothed.graph().score()).isNotEqualTo(plain.graph().score());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void offHeapMemoryIsGivenBack(String name, Seq2SeqConfig config) {
    Seq2SeqConfig wide =
        OutputOptions.config(
            8_000,
            4,
            8,
            config.tiedEmbeddings(),
            config.adaptiveSoftmax().stream().map(first -> 200 * first).toList());
    try (Seq2SeqGraph model = Seq2SeqGraph.create(wide, new Optimisation(0.01, 5, 1))) {
      for (int i = 0; i < 20; i++) {
        model.fit(minibatch);
        model.score(minibatch);
      }
      long before = Pointer.physicalBytes();
      for (int i = 0; i < 100; i++) {
        model.fit(minibatch);
        model.score(minibatch);
      }

      // the logits of these 200 passes take 170 MB; the heap is resident from the start
      assertThat(Pointer.physicalBytes() - before).isLessThan(40_000_000);
    }
  }

  /** A distribution for each packed token. */
  private double[][] probabilities(Seq2SeqGraph model) {
    MultiDataSet data = minibatch.toDataSet(model.graph().params().dataType());
    return model.graph().output(false, data.getFeatures())[0].toDoubleMatrix();
  }

  private int[] targets() {
    INDArray labels = minibatch.toDataSet(DataType.DOUBLE).getLabels(0);
    return Packing.of(labels).pack(labels);
  }

  private SortedMap<String, INDArray> gradients(Seq2SeqGraph model) {
    MultiDataSet data = minibatch.toDataSet(DataType.DOUBLE);
    model.graph().setInputs(data.getFeatures());
    model.graph().setLabels(data.getLabels());
    model.graph().computeGradientAndScore();
    SortedMap<String, INDArray> gradients = new TreeMap<>();
    model.gradients().forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));
    return gradients;
  }
}
