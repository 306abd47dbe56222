package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.MultiDataSet;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.Options;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.TransformerOptions;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.text.token.Vocabulary;

/** The decoder computes what the graph computes, whatever the options and output of the model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecodingOptionsTest {

  private static final int VOCABULARY = 40;

  private final List<int[]> prompts = prompts();
  private final Map<String, Seq2SeqGraph> models = new LinkedHashMap<>();

  private static List<int[]> prompts() {
    Random random = new Random(11);
    return IntStream.range(0, 21)
        .mapToObj(i -> random.ints(1 + random.nextInt(9), 1, VOCABULARY).toArray())
        .toList();
  }

  @BeforeAll
  void trainALittle() {
    NativeThreads.set(1);
    List<int[]> stories =
        prompts.stream()
            .map(prompt -> IntStream.of(prompt).map(id -> Math.max(4, id)).toArray())
            .toList();
    Map<String, Seq2SeqConfig> configs = Options.of(VOCABULARY, 16, 32, 0);
    configs.putAll(OutputOptions.of(VOCABULARY, 16, 32));
    configs.putAll(TransformerOptions.of(VOCABULARY, 32, 0));
    configs.forEach(
        (name, config) -> {
          Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1));
          for (int i = 0; i < 30; i++) {
            model.fit(new Minibatch(prompts, stories));
          }
          models.put(name, model);
        });
  }

  @AfterAll
  void close() {
    models.values().forEach(Seq2SeqGraph::close);
  }

  Set<String> options() {
    return models.keySet();
  }

  @ParameterizedTest
  @MethodSource("options")
  void greedyTakesWhatTheGraphThinksTheLikeliestToken(String option) {
    List<DecodedStory> stories = decode(models.get(option), Strategy.GREEDY, 64);
    assertThat(stories).anyMatch(story -> story.tokens().length > 1);

    for (int i = 0; i < prompts.size(); i++) {
      int[] tokens = stories.get(i).tokens();
      float[][] probabilities = probabilities(models.get(option), prompts.get(i), tokens);
      for (int step = 1; step < tokens.length; step++) { // the first may not be <end>
        float[] each = probabilities[step];
        double likeliest =
            IntStream.range(Vocabulary.END, VOCABULARY)
                .mapToDouble(id -> each[id])
                .max()
                .orElseThrow();
        assertThat((double) each[tokens[step]]).isCloseTo(likeliest, within(1e-6));
      }
    }
  }

  private static float[][] probabilities(Seq2SeqGraph model, int[] prompt, int[] story) {
    MultiDataSet data =
        new Minibatch(List.of(prompt), List.of(story)).toDataSet(model.graph().params().dataType());
    return model.graph().output(false, data.getFeatures())[0].toFloatMatrix();
  }

  @ParameterizedTest
  @MethodSource("options")
  void logProbOfAStoryIsWhatTheGraphSaysOfIt(String option) {
    List<DecodedStory> stories = decode(models.get(option), Strategy.SAMPLE, 64);

    int ended = 0;
    for (int i = 0; i < stories.size(); i++) {
      DecodedStory story = stories.get(i);
      if (story.finishReason() == FinishReason.END) {
        ended++;
        Minibatch pair = new Minibatch(List.of(prompts.get(i)), List.of(story.tokens()));
        assertThat(story.logProb()).isCloseTo(-models.get(option).score(pair).loss(), within(1e-5));
      }
    }
    assertThat(ended).isPositive();
  }

  @ParameterizedTest
  @MethodSource("options")
  void storyDoesNotDependOnBatchMates(String option) {
    for (Strategy strategy : Strategy.values()) {
      List<DecodedStory> together = decode(models.get(option), strategy, 64);
      for (int batch : new int[] {1, 3, 8}) {
        List<DecodedStory> apart = decode(models.get(option), strategy, batch);
        for (int i = 0; i < together.size(); i++) {
          assertThat(apart.get(i).tokens()).containsExactly(together.get(i).tokens());
          assertThat(apart.get(i).logProb()).isEqualTo(together.get(i).logProb());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyTokenOfAStoryLooksAtItsPrompt(String option) {
    Seq2SeqGraph model = models.get(option);
    boolean looks = model.config().attention() != AttentionKind.NONE;
    List<DecodedStory> stories = decode(model, Strategy.BEAM, 8);
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights())) {
      for (int i = 0; i < stories.size(); i++) {
        DecodedStory story = stories.get(i);
        int end = story.finishReason() == FinishReason.END ? 1 : 0;
        float[][] weights = StoryDecoder.attention(network, prompts.get(i), story);
        assertThat(weights)
            .hasDimensions(story.tokens().length + end, looks ? prompts.get(i).length : 0);
        for (float[] row : weights) {
          double sum = IntStream.range(0, row.length).mapToDouble(s -> row[s]).sum();
          assertThat(sum).isCloseTo(looks ? 1 : 0, within(1e-5));
        }
      }
    }
  }

  private List<DecodedStory> decode(Seq2SeqGraph model, Strategy strategy, int batch) {
    List<RandomStream> streams = new ArrayList<>();
    for (int[] prompt : prompts) {
      streams.add(RandomStream.of(5, Arrays.toString(prompt), ""));
    }
    DecodeSettings settings =
        Decoding.by(
            "strategy=" + strategy.label(), "temperature=0.9", "max-tokens=15", "batch=" + batch);
    return Decoding.stories(model, settings, prompts, streams);
  }
}
