package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.nn.config.ModelKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.loss.LossTally;

/** Stories that are read in windows, with every option, in double. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WindowsTest {

  private static final int VOCABULARY = 7;

  /** Stories of two, of three and of one window of 3 tokens. */
  private static final Minibatch LONG =
      Batches.of(2, VOCABULARY, new int[] {2, 5, 1, 3}, new int[] {6, 8, 9, 2});

  private final Map<String, Seq2SeqGraph> models = new LinkedHashMap<>();

  @BeforeAll
  void buildTinyModels() {
    Options.of(VOCABULARY, 3, 4, 0).forEach((name, config) -> models.put(name, model(config)));
    TransformerOptions.of(VOCABULARY, 8, 0)
        .forEach((name, config) -> models.put(name, model(config)));
  }

  /** Weights that are not so small that nothing looks at anything. */
  private static Seq2SeqGraph model(Seq2SeqConfig config) {
    Seq2SeqGraph model =
        Seq2SeqGraph.create(config, new Optimisation(0.001, 1e9, 3), new NoOp(), DataType.DOUBLE);
    model.graph().params().muli(3);
    return model;
  }

  @AfterAll
  void close() {
    models.values().forEach(Seq2SeqGraph::close);
  }

  @AfterEach
  void backToOneThread() {
    NativeThreads.set(1);
  }

  Set<String> options() {
    return models.keySet();
  }

  /** A Transformer sees the window before its own: all of a story that has no more than two. */
  @ParameterizedTest
  @MethodSource("options")
  void aStoryIsAsLikelyInWindowsAsInOnePiece(String option) {
    Seq2SeqGraph model = models.get(option);
    int window = model.config().kind() == ModelKind.LSTM ? 2 : 5;

    List<LossTally> parted = model.scoreEach(LONG.windows(window));

    List<LossTally> whole = model.scoreEach(List.of(LONG.whole()));
    for (int row = 0; row < LONG.rows(); row++) {
      assertThat(parted.get(row).nll()).isCloseTo(whole.get(row).nll(), within(1e-10));
      assertThat(parted.get(row).tokens()).isEqualTo(whole.get(row).tokens());
      assertThat(parted.get(row).correct()).isEqualTo(whole.get(row).correct());
    }
    assertThat(model.score(LONG.windows(window)).nll())
        .isCloseTo(model.score(LONG).nll(), within(1e-10));
  }

  @ParameterizedTest
  @MethodSource("options")
  void aStoryInWindowsDoesNotDependOnBatchMates(String option) {
    Seq2SeqGraph model = models.get(option);
    List<LossTally> together = model.scoreEach(LONG.windows(3));

    for (int row = 0; row < LONG.rows(); row++) {
      Minibatch alone =
          new Minibatch(LONG.prompts().subList(row, row + 1), LONG.stories().subList(row, row + 1));
      assertThat(model.score(alone.windows(3)).nll())
          .isCloseTo(together.get(row).nll(), within(1e-10));
    }
  }

  /** What the window before has left is a constant, as is what it made of the prompt. */
  @ParameterizedTest
  @MethodSource("options")
  void theGradientOfTheLastWindowAgreesWithFiniteDifferences(String option) {
    Seq2SeqGraph model = models.get(option);
    List<StoryWindow> windows = LONG.windows(3);
    StoryWindow last = windows.get(windows.size() - 1);
    windows.subList(0, windows.size() - 1).forEach(model::gradient);
    model.gradient(last);
    Map<String, INDArray> gradients = FiniteDifferences.gradients(model);

    FiniteDifferences.assertAgree(model, gradients, () -> last.share() * model.score(last).loss());
  }

  /** Scoring leaves the same behind as learning does. */
  @ParameterizedTest
  @MethodSource("options")
  void windowsGoOnAlikeAfterLearningAndAfterScoring(String option) {
    Seq2SeqGraph model = models.get(option);
    double scored = model.score(LONG.windows(3)).nll();

    double learned = LONG.windows(3).stream().mapToDouble(each -> model.gradient(each).nll()).sum();

    assertThat(learned).isCloseTo(scored, within(1e-10));
  }

  @ParameterizedTest
  @MethodSource("options")
  void wholeStoriesAfterWindowsAreAsBefore(String option) {
    Seq2SeqGraph model = models.get(option);
    double before = model.gradient(LONG).nll();
    Map<String, INDArray> gradients = FiniteDifferences.gradients(model);

    model.gradient(LONG.windows(3).get(0));

    assertThat(model.gradient(LONG).nll()).isEqualTo(before);
    assertThat(FiniteDifferences.gradients(model)).isEqualTo(gradients);
  }

  @ParameterizedTest
  @MethodSource("options")
  void gradientsOfWindowsDoNotDependOnTheNumberOfThreads(String option) {
    int[] lengths = new Random(4).ints(40, 1, 12).toArray();
    Minibatch minibatch = Batches.of(6, VOCABULARY, lengths, lengths);
    Map<String, INDArray> alone = gradientOfSecondWindow(models.get(option), minibatch);
    for (int threads = 2; threads <= 3; threads++) {
      NativeThreads.set(threads);

      assertThat(gradientOfSecondWindow(models.get(option), minibatch)).isEqualTo(alone);
    }
  }

  private static Map<String, INDArray> gradientOfSecondWindow(
      Seq2SeqGraph model, Minibatch minibatch) {
    List<StoryWindow> windows = minibatch.windows(4);
    model.gradient(windows.get(0));
    model.gradient(windows.get(1));
    return FiniteDifferences.gradients(model);
  }
}
