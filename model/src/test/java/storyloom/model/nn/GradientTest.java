package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Every gradient against central differences, in double: padding, mixed lengths, several shapes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GradientTest {

  private static final int VOCABULARY = 9;
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-7;

  private Seq2SeqGraph model;

  @BeforeAll
  void buildATinyModel() {
    model =
        Seq2SeqGraph.create(
            new Seq2SeqConfig(VOCABULARY, 3, 4, 0),
            new Optimisation(0.001, 1e9, 3),
            new NoOp(),
            DataType.DOUBLE);
  }

  @AfterAll
  void close() {
    model.close();
  }

  static List<Minibatch> shapes() {
    return List.of(
        Batches.of(1, VOCABULARY, new int[] {3, 1, 4}, new int[] {2, 5, 0}),
        Batches.of(2, VOCABULARY, new int[] {2, 5, 5, 1, 3}, new int[] {4, 1, 3, 3, 7}),
        Batches.of(3, VOCABULARY, new int[] {1}, new int[] {0}),
        new Minibatch(List.of(new int[] {1, 1, 1}), List.of(new int[] {4, 5})));
  }

  static List<Arguments> tensorsAndShapes() {
    return List.of(
            "prompt_embedding.weight",
            "story_embedding.weight",
            "encoder.input_weight",
            "encoder.recurrent_weight",
            "encoder.bias",
            "decoder.input_weight",
            "decoder.recurrent_weight",
            "decoder.bias",
            "output.weight",
            "output.bias")
        .stream()
        .flatMap(tensor -> shapes().stream().map(shape -> Arguments.of(tensor, shape)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tensorsAndShapes")
  void gradientAgreesWithFiniteDifferences(String tensor, Minibatch minibatch) {
    INDArray weight = model.weights().get(tensor);
    INDArray gradient = gradient(tensor, minibatch);

    for (long i = 0; i < weight.length(); i++) {
      double kept = weight.getDouble(i);
      weight.putScalar(i, kept + STEP);
      double above = model.score(minibatch).loss();
      weight.putScalar(i, kept - STEP);
      double below = model.score(minibatch).loss();
      weight.putScalar(i, kept);
      assertThat(gradient.getDouble(i))
          .as("%s[%d]", tensor, i)
          .isCloseTo((above - below) / (2 * STEP), within(TOLERANCE));
    }
  }

  @Test
  void gradientsAreOverwrittenNotAccumulated() {
    Minibatch minibatch = shapes().get(0);
    INDArray once = gradient("encoder.input_weight", minibatch);
    INDArray twice = gradient("encoder.input_weight", minibatch);

    assertThat(twice).isEqualTo(once);
  }

  private INDArray gradient(String tensor, Minibatch minibatch) {
    MultiDataSet data = minibatch.toDataSet(DataType.DOUBLE);
    model.graph().setInputs(data.getFeatures());
    model.graph().setLabels(data.getLabels());
    model.graph().computeGradientAndScore();
    return model.gradients().get(tensor).dup('c');
  }
}
