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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.Options;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.TransformerOptions;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.output.StepLogits;
import storyloom.model.text.token.Vocabulary;

/** Stories of networks whose products are of bytes, for each option of a network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Int8StoriesTest {

  private static final int VOCABULARY = 40;

  private final List<int[]> prompts = prompts();
  private final Map<String, Seq2SeqGraph> models = new LinkedHashMap<>();

  private static List<int[]> prompts() {
    Random random = new Random(11);
    return IntStream.range(0, 17)
        .mapToObj(i -> random.ints(1 + random.nextInt(12), 4, VOCABULARY).toArray())
        .toList();
  }

  @BeforeAll
  void trainALittle() {
    NativeThreads.set(1);
    Map<String, Seq2SeqConfig> configs = Options.of(VOCABULARY, 16, 32, 0);
    configs.putAll(OutputOptions.of(VOCABULARY, 16, 32));
    configs.putAll(TransformerOptions.of(VOCABULARY, 32, 0));
    configs.forEach(
        (name, config) -> {
          Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1));
          for (int i = 0; i < 20; i++) {
            model.fit(new Minibatch(prompts, prompts));
          }
          models.put(name, model);
        });
  }

  @AfterAll
  void close() {
    models.values().forEach(Seq2SeqGraph::close);
  }

  @AfterEach
  void useOneThread() {
    NativeThreads.set(1);
  }

  Set<String> options() {
    return models.keySet();
  }

  private static DecodeSettings by(String... more) {
    List<String> all = new ArrayList<>(List.of("precision=int8", "max-tokens=15"));
    all.addAll(List.of(more));
    return Decoding.by(all.toArray(String[]::new));
  }

  private List<DecodedStory> stories(String option, DecodeSettings settings) {
    List<RandomStream> streams =
        prompts.stream().map(prompt -> RandomStream.of(5, Arrays.toString(prompt), "")).toList();
    return Decoding.stories(models.get(option), settings, prompts, streams);
  }

  @ParameterizedTest
  @MethodSource("options")
  void dependNeitherOnBatchMatesNorOnThreads(String option) {
    for (String strategy : List.of("greedy", "sample", "beam")) {
      List<DecodedStory> together = stories(option, by("strategy=" + strategy, "beam-size=3"));
      List<DecodedStory> alone =
          stories(option, by("strategy=" + strategy, "beam-size=3", "batch=3"));
      NativeThreads.set(2);
      List<DecodedStory> byTwo = stories(option, by("strategy=" + strategy, "beam-size=3"));
      NativeThreads.set(1);
      for (int i = 0; i < together.size(); i++) {
        assertThat(alone.get(i).tokens()).isEqualTo(together.get(i).tokens());
        assertThat(alone.get(i).logProb()).isEqualTo(together.get(i).logProb());
        assertThat(byTwo.get(i).tokens()).isEqualTo(together.get(i).tokens());
        assertThat(byTwo.get(i).logProb()).isEqualTo(together.get(i).logProb());
      }
    }
  }

  /**
   * The logits of a step may differ by a few hundredths, not by more; those of tokens that nobody
   * draws by a hundredth of what they are.
   */
  @ParameterizedTest
  @MethodSource("options")
  void areNearlyThoseOfFloats(String option) {
    Seq2SeqGraph model = models.get(option);
    try (StepDecoder.Network exact =
            StepDecoder.Network.of(model.config(), model.weights(), Precision.FLOAT32);
        StepDecoder.Network rounded =
            StepDecoder.Network.of(model.config(), model.weights(), Precision.INT8);
        StepDecoder one = exact.decoder(1, 12);
        StepDecoder other = rounded.decoder(1, 12)) {
      int[] prompt = prompts.get(0);
      one.start(List.of(prompt));
      other.start(List.of(prompt));
      int[] last = {Vocabulary.START};
      boolean differs = false;
      for (int id : prompt) {
        StepLogits expected = one.step(last);
        StepLogits actual = other.step(last);
        for (int token = 0; token < VOCABULARY; token++) {
          double logProb = expected.numbers().get(0, token) - expected.logSum(0);
          assertThat(actual.numbers().get(0, token) - actual.logSum(0))
              .isCloseTo(logProb, within(Math.max(0.25, -logProb / 100)));
          differs |= actual.numbers().get(0, token) != expected.numbers().get(0, token);
        }
        last = new int[] {id};
      }
      assertThat(differs).as("they are not floats").isTrue();
    }
  }
}
