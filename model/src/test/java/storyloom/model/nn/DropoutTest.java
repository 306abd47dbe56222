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
import storyloom.model.nn.config.TransformerConfig;
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
    return model(
        new Seq2SeqConfig(
            VOCABULARY, 8, 6, 1, false, attention, false, List.of(), false, RATE, variational));
  }

  private static Seq2SeqGraph model(Seq2SeqConfig config) {
    return Seq2SeqGraph.create(
        config, new Optimisation(0.001, 1e9, 3), new NoOp(), DataType.DOUBLE);
  }

  /** With dropout of recurrent weights and of words alone, both ways and in two layers. */
  private static Seq2SeqConfig weightDropped(double recurrent, double words, boolean tied) {
    return new Seq2SeqConfig(
        VOCABULARY,
        6,
        6,
        2,
        true,
        AttentionKind.ADDITIVE,
        tied,
        List.of(),
        false,
        List.of(),
        0,
        false,
        recurrent,
        words,
        null);
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
    checkGradients(model(variational, attention));
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0, false", "0, 0.4, false", "0.3, 0.3, false", "0.3, 0.3, true"})
  void gradientsOfDroppedWeightsAndWordsAgreeWithFiniteDifferencesToo(
      double recurrent, double words, boolean tied) {
    checkGradients(model(weightDropped(recurrent, words, tied)));
  }

  private static Seq2SeqConfig transformer(double rate, boolean variational) {
    return new Seq2SeqConfig(
        VOCABULARY,
        8,
        8,
        2,
        false,
        AttentionKind.DOT,
        true,
        List.of(),
        false,
        List.of(),
        rate,
        variational,
        0,
        rate,
        new TransformerConfig(2, 12));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsOfATransformerAgreeWithFiniteDifferencesToo(boolean variational) {
    checkGradients(model(transformer(RATE, variational)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTransformerDropsWhatEachLayerAddsWhileTrainingAlone(boolean variational) {
    try (Seq2SeqGraph dropping = model(transformer(RATE, variational));
        Seq2SeqGraph plain = model(transformer(0, variational))) {
      assertThat(dropping.score(minibatch)).isEqualTo(plain.score(minibatch));
      assertThat(train(dropping)).isNotEqualTo(train(plain));

      Map<String, INDArray> activations = activations(dropping, true);
      INDArray before = activations.get("decoder_rows");
      String[] added = masks(activations.get("decoder.0.self_attention").sub(before));
      assertThat(String.join("", added)).contains("-", "+");
      assertThat(new TreeSet<>(List.of(added).subList(0, 4))).hasSize(variational ? 1 : 4);
    }
  }

  private void checkGradients(Seq2SeqGraph closing) {
    try (Seq2SeqGraph model = closing) {
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

  @Test
  void aRecurrentWeightThatIsDroppedLearnsNothingAndEachLstmDropsItsOwn() {
    try (Seq2SeqGraph model = model(weightDropped(0.5, 0, false))) {
      train(model);
      Map<String, String> dropped = new LinkedHashMap<>();
      model
          .gradients()
          .forEach(
              (name, gradient) -> {
                if (name.endsWith("recurrent_weight")) {
                  INDArray flat = gradient.dup('c').reshape(1, gradient.length());
                  dropped.put(name, masks(flat)[0]);
                }
              });

      assertThat(dropped).hasSize(6);
      assertThat(dropped.values()).doesNotHaveDuplicates();
      dropped.forEach(
          (name, mask) ->
              assertThat(mask.chars().filter(each -> each == '-').count() / (double) mask.length())
                  .as(name)
                  .isBetween(0.3, 0.7));
    }
  }

  @Test
  void masksOfWeightsFollowStreamAndUpdateAndComeBackWithThem() {
    try (Seq2SeqGraph model = model(weightDropped(0.5, 0.3, false))) {
      double first = train(model);
      assertThat(train(model)).isEqualTo(first);

      model.setStream(1);
      assertThat(train(model)).isNotEqualTo(first);

      model.setStream(0);
      model.graph().getConfiguration().setIterationCount(1);
      assertThat(train(model)).isNotEqualTo(first);

      model.graph().getConfiguration().setIterationCount(0);
      assertThat(train(model)).isEqualTo(first);
    }
  }

  @Test
  void aWordIsDroppedWhereverItStands() {
    Minibatch repeated =
        new Minibatch(
            List.of(new int[] {4, 5, 6, 7, 8, 4}, new int[] {8, 4, 5}),
            List.of(new int[] {4, 5, 4}, new int[] {6}));
    try (Seq2SeqGraph model = model(weightDropped(0, 0.5, false))) {
      Map<String, INDArray> activations =
          model.graph().feedForward(repeated.toDataSet(DataType.DOUBLE).getFeatures(), true);
      String[] masks = masks(activations.get("prompt_embedding_word_dropout"));
      int[] ids = Packing.of(6, 3).pack(repeated.prompts());
      Map<Integer, String> ofWords = new LinkedHashMap<>();
      for (int i = 0; i < ids.length; i++) {
        assertThat(masks[i]).matches("-+|\\++");
        assertThat(ofWords.merge(ids[i], masks[i], (one, other) -> one)).isEqualTo(masks[i]);
      }

      assertThat(ofWords.values()).contains("------", "++++++");
    }
  }

  @Test
  void noWeightAndNoWordIsDroppedWhenScoring() {
    try (Seq2SeqGraph dropping = model(weightDropped(0.5, 0.5, false));
        Seq2SeqGraph plain = model(weightDropped(0, 0, false))) {
      assertThat(dropping.score(minibatch)).isEqualTo(plain.score(minibatch));
      assertThat(train(dropping)).isNotEqualTo(train(plain));
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
