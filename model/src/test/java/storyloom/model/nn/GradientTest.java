package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;

/**
 * The gradients of every option against central differences, in double: padding, mixed lengths,
 * rows of length 1, a batch of 1, a prompt of unknown words only. Some numbers of each tensor;
 * {@link GoldenTest} compares them all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GradientTest {

  private static final int VOCABULARY = 7;

  private final Map<String, Seq2SeqGraph> models = new LinkedHashMap<>();

  @BeforeAll
  void buildTinyModels() {
    Options.of(VOCABULARY, 3, 4, 0).forEach((name, config) -> models.put(name, model(config)));
    TransformerOptions.of(VOCABULARY, 8, 0)
        .forEach((name, config) -> models.put(name, sharpened(model(config))));
  }

  private static Seq2SeqGraph model(Seq2SeqConfig config) {
    return Seq2SeqGraph.create(
        config, new Optimisation(0.001, 1e9, 3), new NoOp(), DataType.DOUBLE);
  }

  /** Weights that are not so small that nothing looks at anything, and differences are coarse. */
  private static Seq2SeqGraph sharpened(Seq2SeqGraph model) {
    model
        .weights()
        .forEach(
            (name, weight) -> {
              boolean again = model.config().tiedEmbeddings() && name.startsWith("story_");
              if (weight.rank() == 2 && !name.startsWith("output") && !again) {
                weight.muli(8);
              }
            });
    return model;
  }

  @AfterAll
  void close() {
    models.values().forEach(Seq2SeqGraph::close);
  }

  static Map<String, Minibatch> shapes() {
    Map<String, Minibatch> shapes = new LinkedHashMap<>();
    shapes.put(
        "an empty story", Batches.of(1, VOCABULARY, new int[] {3, 1, 4}, new int[] {2, 5, 0}));
    shapes.put(
        "5 rows", Batches.of(2, VOCABULARY, new int[] {2, 5, 5, 1, 3}, new int[] {4, 1, 3, 3, 7}));
    shapes.put("1 token", Batches.of(3, VOCABULARY, new int[] {1}, new int[] {0}));
    shapes.put(
        "unknown words", new Minibatch(List.of(new int[] {1, 1, 1}), List.of(new int[] {4, 5})));
    return shapes;
  }

  @AfterEach
  void backToOneThread() {
    NativeThreads.set(1);
  }

  Set<String> options() {
    return models.keySet();
  }

  List<Arguments> optionsAndShapes() {
    return models.keySet().stream()
        .flatMap(option -> shapes().keySet().stream().map(shape -> Arguments.of(option, shape)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("optionsAndShapes")
  void gradientsAgreeWithFiniteDifferences(String option, String shape) {
    Seq2SeqGraph model = models.get(option);
    Minibatch minibatch = shapes().get(shape);
    Map<String, INDArray> gradients = gradients(model, minibatch);

    FiniteDifferences.assertAgree(model, gradients, () -> model.score(minibatch).loss());
  }

  @Test
  void gradientsAreOverwrittenNotAccumulated() {
    Minibatch minibatch = shapes().get("5 rows");
    for (Seq2SeqGraph model : models.values()) {
      Map<String, INDArray> once = gradients(model, minibatch);

      assertThat(gradients(model, minibatch)).isEqualTo(once);
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void gradientsDoNotDependOnTheNumberOfThreads(String option) {
    int[] lengths = new Random(4).ints(40, 1, 9).toArray();
    Minibatch minibatch = Batches.of(6, VOCABULARY, lengths, lengths);
    Map<String, INDArray> alone = gradients(models.get(option), minibatch);
    for (int threads = 2; threads <= 3; threads++) {
      NativeThreads.set(threads);

      assertThat(gradients(models.get(option), minibatch)).isEqualTo(alone);
    }
  }

  private static Map<String, INDArray> gradients(Seq2SeqGraph model, Minibatch minibatch) {
    MultiDataSet data = minibatch.toDataSet(DataType.DOUBLE);
    model.graph().setInputs(data.getFeatures());
    model.graph().setLabels(data.getLabels());
    model.graph().computeGradientAndScore();
    return FiniteDifferences.gradients(model);
  }
}
