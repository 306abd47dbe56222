package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.Options;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.TransformerOptions;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;

/** Stories that join and leave a running batch are those that a batch of their own gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoryBatchTest {

  private static final int VOCABULARY = 40;
  private static final int LONGEST_PROMPT = 12;
  private static final String CLASSIC = "classic";

  private final List<int[]> prompts = prompts();
  private final Map<String, Seq2SeqGraph> models = new LinkedHashMap<>();

  /** Hears the tokens of a story, and what the model looked at. */
  private static final class Heard implements GenerationRequest.Listener {
    private final List<Integer> tokens = new ArrayList<>();
    private final List<float[]> attention = new ArrayList<>();

    @Override
    public boolean wantsAttention() {
      return true;
    }

    @Override
    public void wrote(int token, float[] seen) {
      tokens.add(token);
      attention.add(seen);
    }
  }

  private static List<int[]> prompts() {
    Random random = new Random(11);
    return IntStream.range(0, 23)
        .mapToObj(i -> random.ints(1 + random.nextInt(LONGEST_PROMPT), 1, VOCABULARY).toArray())
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
    configs.putAll(TransformerOptions.of(VOCABULARY, 32, 0));
    configs.forEach(
        (name, config) -> {
          Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1));
          for (int i = 0; i < 20; i++) {
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

  private static DecodeSettings by(Strategy strategy) {
    return Decoding.by(
        "strategy=" + strategy.label(), "beam-size=3", "temperature=0.9", "max-tokens=15");
  }

  private RandomStream stream(int prompt) {
    return RandomStream.of(5, Arrays.toString(prompts.get(prompt)), "");
  }

  private GenerationRequest request(
      int prompt, DecodeSettings settings, GenerationRequest.Listener listener) {
    return new GenerationRequest(
        prompts.get(prompt),
        stream(prompt),
        settings,
        1,
        Decoding.OTHERS,
        BannedWords.NONE,
        listener);
  }

  private GenerationRequest request(int prompt, Strategy strategy) {
    return request(prompt, by(strategy), GenerationRequest.Listener.NONE);
  }

  private List<DecodedStory> apart(Seq2SeqGraph model, Strategy strategy) {
    return Decoding.stories(
        model,
        by(strategy),
        prompts,
        IntStream.range(0, prompts.size()).mapToObj(this::stream).toList());
  }

  private static void assertSame(GenerationRequest request, DecodedStory expected) {
    DecodedStory story = request.stories().get(0);
    assertThat(story.tokens()).containsExactly(expected.tokens());
    assertThat(story.logProb()).isEqualTo(expected.logProb());
    assertThat(story.finishReason()).isEqualTo(expected.finishReason());
  }

  /** Lets one or two prompts in before each step, as long as there is room. */
  private List<GenerationRequest> joinOneAfterTheOther(
      StoryBatch batch, List<GenerationRequest> requests) {
    int next = 0;
    for (int step = 0; next < requests.size() || !batch.isEmpty(); step++) {
      for (int i = 0; i < 1 + step % 2 && next < requests.size(); i++) {
        if (requests.get(next).rows() <= batch.free()) {
          batch.join(List.of(requests.get(next++)));
        }
      }
      batch.step();
    }
    return requests;
  }

  @ParameterizedTest
  @MethodSource("options")
  void storyDoesNotDependOnWhoIsUnderWayWhenItJoins(String option) {
    Seq2SeqGraph model = models.get(option);
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights())) {
      for (Strategy strategy : Strategy.values()) {
        List<DecodedStory> expected = apart(model, strategy);
        List<GenerationRequest> requests =
            IntStream.range(0, prompts.size()).mapToObj(i -> request(i, strategy)).toList();
        try (StoryBatch batch = new StoryBatch(network, 7, LONGEST_PROMPT)) {
          joinOneAfterTheOther(batch, requests);
        }
        for (int i = 0; i < expected.size(); i++) {
          assertSame(requests.get(i), expected.get(i));
        }
      }
    }
  }

  @Test
  void storiesOfAllStrategiesGoTogetherOnAnyNumberOfThreads() {
    Seq2SeqGraph model = models.get(CLASSIC);
    Strategy[] strategies = Strategy.values();
    NativeThreads.set(2);
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights());
        StoryBatch batch = new StoryBatch(network, 9, LONGEST_PROMPT)) {
      List<GenerationRequest> requests =
          joinOneAfterTheOther(
              batch,
              IntStream.range(0, prompts.size())
                  .mapToObj(i -> request(i, strategies[i % strategies.length]))
                  .toList());
      NativeThreads.set(1);
      for (int s = 0; s < strategies.length; s++) {
        List<DecodedStory> expected = apart(model, strategies[s]);
        for (int i = s; i < prompts.size(); i += strategies.length) {
          assertSame(requests.get(i), expected.get(i));
        }
      }
    } finally {
      NativeThreads.set(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void whoLeavesGivesItsRowsBackAndChangesNoStory(Strategy strategy) {
    Seq2SeqGraph model = models.get(CLASSIC);
    List<DecodedStory> expected = apart(model, strategy);
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights());
        StoryBatch batch = new StoryBatch(network, 9, LONGEST_PROMPT)) {
      List<GenerationRequest> requests =
          IntStream.range(0, 3).mapToObj(i -> request(i, strategy)).toList();
      batch.join(requests);
      batch.step();
      batch.step();
      batch.leave(requests.get(1));
      int left = requests.get(0).rows() + requests.get(2).rows();
      assertThat(batch.free()).isEqualTo(9 - left);
      while (!batch.isEmpty()) {
        batch.step();
      }

      assertThat(batch.free()).isEqualTo(9);
      assertThat(requests.get(1).isDone()).isFalse();
      assertSame(requests.get(0), expected.get(0));
      assertSame(requests.get(2), expected.get(2));
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void draftsGoOnAfterOtherPromptsWhoeverElseIsUnderWay(String option) {
    Seq2SeqGraph model = models.get(option);
    DecodeSettings drafts =
        Decoding.by("temperature=2", "top-k=0", "max-tokens=9", "candidates=3", "prior-weight=1");
    List<DecodedStory> expected =
        Decoding.stories(
            model,
            drafts,
            prompts,
            IntStream.range(0, prompts.size()).mapToObj(this::stream).toList());
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights());
        StoryBatch batch = new StoryBatch(network, 7, LONGEST_PROMPT)) {
      List<GenerationRequest> requests =
          IntStream.range(0, prompts.size())
              .mapToObj(
                  i ->
                      i % 3 == 0
                          ? request(i, Strategy.BEAM)
                          : request(i, drafts, GenerationRequest.Listener.NONE))
              .toList();
      joinOneAfterTheOther(batch, requests);
      for (int i = 0; i < requests.size(); i++) {
        if (i % 3 != 0) {
          assertSame(requests.get(i), expected.get(i));
        }
      }
    }
  }

  @Test
  void aBeamTakesAllItsRowsFromTheStart() {
    Seq2SeqGraph model = models.get(CLASSIC);
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights());
        StoryBatch batch = new StoryBatch(network, 4, LONGEST_PROMPT)) {
      batch.join(List.of(request(0, Strategy.BEAM)));

      assertThat(batch.free()).isEqualTo(1);
      List<GenerationRequest> another = List.of(request(1, Strategy.BEAM));
      assertThatThrownBy(() -> batch.join(another))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 rows are needed where 1 are free");
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void tokensAreHeardAsTheyAreWrittenWithWhatTheModelLookedAt(String option) {
    Seq2SeqGraph model = models.get(option);
    Heard heard = new Heard();
    GenerationRequest request = request(3, by(Strategy.SAMPLE), heard);
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights());
        StoryBatch batch = new StoryBatch(network, 4, LONGEST_PROMPT)) {
      batch.join(List.of(request(0, Strategy.GREEDY), request));
      while (!batch.isEmpty()) {
        int before = heard.tokens.size();
        batch.step();
        assertThat(heard.tokens.size() - before).isLessThanOrEqualTo(1);
      }
    }

    assertThat(heard.tokens.stream().mapToInt(Integer::intValue).toArray())
        .isNotEmpty()
        .containsExactly(request.stories().get(0).tokens());
    for (float[] attention : heard.attention) {
      boolean looks = !option.contains("no attention");
      assertThat(attention).hasSize(looks ? prompts.get(3).length : 0);
      assertThat(IntStream.range(0, attention.length).mapToDouble(i -> attention[i]).sum())
          .isCloseTo(looks ? 1 : 0, within(1e-5));
    }
  }

  @Test
  void memoryOfPromptsIsGivenBackAsTheyEnd() {
    Seq2SeqGraph model = models.get(CLASSIC);
    DecodeSettings brief = Decoding.by("max-tokens=1");
    int[] prompt = new Random(3).ints(1000, 4, VOCABULARY).toArray();
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights());
        StoryBatch batch = new StoryBatch(network, 4, prompt.length)) {
      long before = Pointer.physicalBytes();
      for (int i = 0; i < 2000; i++) {
        batch.join(
            List.of(
                new GenerationRequest(
                    prompt,
                    stream(0),
                    brief,
                    1,
                    Decoding.OTHERS,
                    BannedWords.NONE,
                    GenerationRequest.Listener.NONE)));
        batch.step();
      }

      // each prompt takes 128 kB; the heap is resident from the start
      assertThat(Pointer.physicalBytes() - before).isLessThan(100_000_000);
    }
  }
}
