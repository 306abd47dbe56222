package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.MultiDataSet;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.nn.Minibatch;
import storyloom.model.nn.Optimisation;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.kernel.TokenTally;

/** Decoding by each kind of output: full, tied, adaptive. */
class OutputProjectionTest {

  private static final int VOCABULARY = 50;

  private final List<int[]> prompts = prompts();

  private static List<int[]> prompts() {
    Random random = new Random(11);
    return IntStream.range(0, 21)
        .mapToObj(i -> random.ints(1 + random.nextInt(12), 1, VOCABULARY).toArray())
        .toList();
  }

  @BeforeAll
  static void useOneThread() {
    NativeThreads.set(1);
  }

  static List<Arguments> options() {
    List<Arguments> all = new ArrayList<>();
    OutputOptions.of(VOCABULARY, 16, 24)
        .forEach((name, config) -> all.add(Arguments.of(name, config)));
    return all;
  }

  /** A model that has begun to repeat prompts, so that its stories have ends. */
  private Seq2SeqGraph trained(Seq2SeqConfig config) {
    Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1));
    List<int[]> stories =
        prompts.stream()
            .map(prompt -> IntStream.of(prompt).map(id -> Math.max(4, id)).toArray())
            .toList();
    for (int i = 0; i < 40; i++) {
      model.fit(new Minibatch(prompts, stories));
    }
    return model;
  }

  private List<DecodedStory> decode(Seq2SeqGraph model, Strategy strategy, int batch) {
    DecodeSettings settings =
        Decoding.by(
            "strategy=" + strategy.label(), "temperature=0.9", "max-tokens=20", "batch=" + batch);
    List<RowStream> streams =
        prompts.stream().map(prompt -> RowStream.of(5, Arrays.toString(prompt), "")).toList();
    return new BatchDecoder(model.config(), model.weights(), settings).decode(prompts, streams);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void logProbIsWhatTheNetworkItselfSaysOfTheStory(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = trained(config)) {
      List<DecodedStory> stories = decode(model, Strategy.SAMPLE, 64);
      for (int i = 0; i < prompts.size(); i++) {
        DecodedStory story = stories.get(i);
        if (story.finishReason() == FinishReason.END) {
          TokenTally tally =
              model.score(new Minibatch(List.of(prompts.get(i)), List.of(story.tokens())));
          assertThat(story.logProb()).isCloseTo(-tally.loss(), within(1e-5));
        }
      }
      assertThat(stories).anyMatch(story -> story.finishReason() == FinishReason.END);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void greedyTakesTheLikeliestTokenAtEveryStep(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = trained(config)) {
      List<DecodedStory> stories = decode(model, Strategy.GREEDY, 64);
      for (int i = 0; i < prompts.size(); i++) {
        int[] tokens = stories.get(i).tokens();
        float[][] probabilities = probabilities(model, prompts.get(i), tokens);
        for (int step = 0; step < tokens.length; step++) {
          float[] each = probabilities[step];
          double likeliest =
              IntStream.range(3, VOCABULARY).mapToDouble(id -> each[id]).max().orElseThrow();
          if (step > 0) { // the first may not be <end>, however likely that is
            assertThat((double) each[tokens[step]]).isCloseTo(likeliest, within(1e-6));
          }
        }
      }
    }
  }

  private static float[][] probabilities(Seq2SeqGraph model, int[] prompt, int[] story) {
    MultiDataSet data =
        new Minibatch(List.of(prompt), List.of(story)).toDataSet(model.graph().params().dataType());
    return model.graph().output(false, data.getFeatures())[0].toFloatMatrix();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void storyDoesNotDependOnBatchMates(String name, Seq2SeqConfig config) {
    try (Seq2SeqGraph model = trained(config)) {
      List<DecodedStory> together = decode(model, Strategy.SAMPLE, 64);
      for (int batch : new int[] {1, 3, 8}) {
        List<DecodedStory> apart = decode(model, Strategy.SAMPLE, batch);
        for (int i = 0; i < prompts.size(); i++) {
          assertThat(apart.get(i).tokens()).containsExactly(together.get(i).tokens());
          assertThat(apart.get(i).logProb()).isEqualTo(together.get(i).logProb());
        }
      }
    }
  }
}
