package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.Packing;

class DropoutTest {

  private static final int VOCABULARY = 9;
  private static final double RATE = 0.3;

  private final Minibatch minibatch =
      Batches.of(2, VOCABULARY, new int[] {4, 1, 3}, new int[] {3, 5, 1});

  private final Packing prompts = Packing.of(4, 1, 3);
  private final Packing stories = Packing.of(4, 6, 2);

  private static Seq2SeqGraph model(boolean variational, AttentionKind attention) {
    Seq2SeqConfig config =
        new Seq2SeqConfig(
            VOCABULARY, 8, 6, 1, false, attention, false, List.of(), false, RATE, variational);
    return Seq2SeqGraph.create(
        config, new Optimisation(0.001, 1e9, 3), new NoOp(), DataType.DOUBLE);
  }

  private Map<String, INDArray> activations(Seq2SeqGraph model, boolean training) {
    return model.graph().feedForward(minibatch.toDataSet(DataType.DOUBLE).getFeatures(), training);
  }

  /** Which numbers of each packed token are zero, as text: one character a number. */
  private static String[] masks(INDArray packed) {
    String[] masks = new String[(int) packed.size(0)];
    for (int n = 0; n < masks.length; n++) {
      StringBuilder mask = new StringBuilder();
      for (double number : packed.getRow(n).toDoubleVector()) {
        mask.append(number == 0 ? '-' : '+');
      }
      masks[n] = mask.toString();
    }
    return masks;
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt_embedding", "story_embedding", "features"})
  void variationalMasksAreTheSameAtAllStepsOfARowAndOthersInOtherRows(String place) {
    try (Seq2SeqGraph model = model(true, AttentionKind.DOT)) {
      String[] masks = masks(activations(model, true).get(place + "_dropout"));

      Packing packing = place.equals("prompt_embedding") ? prompts : stories;
      TreeSet<String> ofRows = new TreeSet<>();
      for (int row = 0; row < packing.rows(); row++) {
        TreeSet<String> ofSteps = new TreeSet<>();
        for (int token : packing.tokensOf(row)) {
          ofSteps.add(masks[token]);
        }
        assertThat(ofSteps).hasSize(1);
        ofRows.addAll(ofSteps);
      }
      assertThat(ofRows).hasSize(packing.rows());
    }
  }

  @Test
  void plainMasksAreDrawnForEachToken() {
    try (Seq2SeqGraph model = model(false, AttentionKind.DOT)) {
      String[] masks = masks(activations(model, true).get("features_dropout"));

      assertThat(masks).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theMeanStays(boolean variational) {
    try (Seq2SeqGraph model = model(variational, AttentionKind.DOT)) {
      double ratios = 0;
      int draws = 300;
      for (int stream = 0; stream < draws; stream++) {
        model.setStream(stream);
        Map<String, INDArray> activations = activations(model, true);
        INDArray before = activations.get("prompt_embedding");
        ratios +=
            activations.get("prompt_embedding_dropout").div(before).meanNumber().doubleValue();
      }

      assertThat(ratios / draws).isCloseTo(1, within(0.03));
    }
  }

  @ParameterizedTest
  @CsvSource({"false, DOT", "true, DOT", "false, NONE", "true, NONE"})
  void nothingIsDroppedWhenScoring(boolean variational, AttentionKind attention) {
    try (Seq2SeqGraph model = model(variational, attention)) {
      Map<String, INDArray> activations = activations(model, false);

      assertThat(activations.get("story_embedding_dropout"))
          .isEqualTo(activations.get("story_embedding"));
      assertThat(activations.get("features_dropout"))
          .isEqualTo(activations.get(attention == AttentionKind.NONE ? "decoder" : "attention"));
    }
  }

  @ParameterizedTest
  @CsvSource({"false, DOT", "true, DOT", "false, NONE", "true, NONE"})
  void gradientsAgreeWithFiniteDifferencesUnderTheSameMasks(
      boolean variational, AttentionKind attention) {
    try (Seq2SeqGraph model = model(variational, attention)) {
      train(model);
      Map<String, INDArray> gradients = new LinkedHashMap<>();
      model.gradients().forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));

      model
          .weights()
          .forEach(
              (name, weight) -> {
                for (long i : new Random(5).longs(8, 0, weight.length()).toArray()) {
                  double kept = weight.getDouble(i);
                  weight.putScalar(i, kept + 1e-5);
                  double above = train(model);
                  weight.putScalar(i, kept - 1e-5);
                  double below = train(model);
                  weight.putScalar(i, kept);
                  assertThat(gradients.get(name).getDouble(i))
                      .as("%s[%d]", name, i)
                      .isCloseTo((above - below) / 2e-5, within(1e-7));
                }
              });
    }
  }

  /** Forward and backward with dropout; the loss. Without an update the masks stay the same. */
  private double train(Seq2SeqGraph model) {
    MultiDataSet data = minibatch.toDataSet(DataType.DOUBLE);
    model.graph().setInputs(data.getFeatures());
    model.graph().setLabels(data.getLabels());
    model.graph().computeGradientAndScore();
    return model.graph().score();
  }
}
