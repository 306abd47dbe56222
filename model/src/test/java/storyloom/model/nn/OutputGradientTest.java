package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * Gradients of each kind of output against central differences, in double: its own, the
 * embeddings', and by the biases of the LSTMs what it hands down; {@link GradientTest} has the
 * rest.
 */
class OutputGradientTest {

  private static final int VOCABULARY = 12;
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-7;

  private static Map<String, Minibatch> minibatches() {
    return Map.of(
        "mixed lengths", Batches.of(1, VOCABULARY, new int[] {3, 1, 4}, new int[] {2, 5, 0}),
        "one pair of one token", Batches.of(3, VOCABULARY, new int[] {1}, new int[] {0}),
        "an unknown prompt", new Minibatch(List.of(new int[] {1, 1, 1}), List.of(new int[] {4, 5})),
        "targets of the shortlist alone",
            new Minibatch(
                List.of(new int[] {5}, new int[] {11, 4}), List.of(new int[] {3}, new int[] {1})),
        "targets of the last tail but for the ends",
            new Minibatch(
                List.of(new int[] {5, 6}, new int[] {7}),
                List.of(new int[] {11, 9}, new int[] {10})));
  }

  static List<Arguments> optionsAndMinibatches() {
    List<Arguments> all = new ArrayList<>();
    OutputOptions.of(VOCABULARY, 3, 8)
        .forEach(
            (option, config) ->
                minibatches()
                    .forEach(
                        (name, minibatch) -> {
                          all.add(Arguments.of(option, name, config, 0.0, minibatch));
                          if (config.adaptiveSoftmax().isEmpty() && !config.copy()) {
                            all.add(
                                Arguments.of(option + ", smoothed", name, config, 0.15, minibatch));
                          }
                        }));
    Minibatch copying =
        new Minibatch(
            List.of(new int[] {4, 13, 7, 13}, new int[] {12}, new int[] {5, 5, 6}),
            List.of(new int[] {13, 9, 7, 13, 1}, new int[] {8, 12}, new int[] {5, 4, 5}));
    for (boolean tied : new boolean[] {false, true}) {
      Seq2SeqConfig config = OutputOptions.copying(VOCABULARY, 3, 8, tied);
      String option = tied ? "copying, tied" : "copying";
      all.add(Arguments.of(option, "words that the prompts alone have", config, 0.0, copying));
      Seq2SeqConfig butMarks = config.copyingAllBut(List.of(4, 7));
      all.add(Arguments.of(option, "words beside marks", butMarks, 0.0, copying));
    }
    return all;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("optionsAndMinibatches")
  void gradientsAgreeWithFiniteDifferences(
      String option, String name, Seq2SeqConfig config, double smoothing, Minibatch minibatch) {
    Optimisation optimisation = new Optimisation(0.001, 1e9, smoothing, 3);
    MultiDataSet data = minibatch.toDataSet(DataType.DOUBLE);
    try (Seq2SeqGraph model =
        Seq2SeqGraph.create(config, optimisation, new NoOp(), DataType.DOUBLE)) {
      SortedMap<String, INDArray> gradients = gradients(model, data);
      model
          .weights()
          .forEach(
              (tensor, weight) -> {
                if (tensor.matches("(en|de)coder\\..*_weight")) {
                  return;
                }
                for (long i = 0; i < weight.length(); i++) {
                  double kept = weight.getDouble(i);
                  weight.putScalar(i, kept + STEP);
                  double above = model.graph().score(data, true);
                  weight.putScalar(i, kept - STEP);
                  double below = model.graph().score(data, true);
                  weight.putScalar(i, kept);
                  assertThat(gradients.get(tensor).getDouble(i))
                      .as("%s[%d]", tensor, i)
                      .isCloseTo((above - below) / (2 * STEP), within(TOLERANCE));
                }
              });
    }
  }

  private static SortedMap<String, INDArray> gradients(Seq2SeqGraph model, MultiDataSet data) {
    model.graph().setInputs(data.getFeatures());
    model.graph().setLabels(data.getLabels());
    // the second pass must overwrite what the first one left
    model.graph().computeGradientAndScore();
    model.graph().computeGradientAndScore();
    SortedMap<String, INDArray> gradients = new TreeMap<>();
    model.gradients().forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));
    return gradients;
  }
}
