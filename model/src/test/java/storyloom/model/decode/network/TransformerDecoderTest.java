package storyloom.model.decode.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.attention.KeyValueBlock;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.output.StepLogits;

/** What a Transformer's rows remember, beyond one block of keys and values. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransformerDecoderTest {

  private static final int VOCABULARY = 20;
  private static final int STEPS = 2 * KeyValueBlock.TOKENS + 7;

  /**
   * What two orders of adding up floats make of −ln p of a story, some 980: 1e-6 of it with vectors
   * of 16 floats, a little more with 8.
   */
  private static final Offset<Double> ROUNDING = within(2e-3);

  private static final int[] PROMPT = new Random(1).ints(40, 4, VOCABULARY).toArray();

  private Seq2SeqGraph model;
  private StepDecoder.Network network;

  @BeforeAll
  void draw() {
    Seq2SeqConfig config =
        Seq2SeqConfig.transformer(VOCABULARY, 16, 2, new TransformerConfig(2, 24), 0);
    model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1));
    model.graph().params().muli(10); // so that what is remembered counts
    network = StepDecoder.Network.of(config, model.weights());
  }

  @AfterAll
  void close() throws Exception {
    network.close();
    model.close();
  }

  private static int[] story(int seed) {
    return new Random(seed).ints(STEPS, 4, VOCABULARY).toArray();
  }

  private static float[] row(StepLogits logits, int row) {
    float[] numbers = new float[VOCABULARY];
    logits.numbers().copyRow(row, numbers);
    return numbers;
  }

  /** The logits of each step of a story that nothing is written beside. */
  private List<float[]> alone(int[] story) {
    List<float[]> logits = new ArrayList<>();
    try (StepDecoder decoder = network.decoder(1, PROMPT.length)) {
      decoder.start(List.of(PROMPT));
      for (int token : story) {
        logits.add(row(decoder.step(new int[] {token}), 0));
      }
    }
    return logits;
  }

  /** The first tokens of one story, and the others of another. */
  private static int[] joined(int[] first, int tokens, int[] others) {
    return IntStream.range(0, STEPS).map(t -> t < tokens ? first[t] : others[t]).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 64, 70})
  void rowsThatContinueTheSameStoryGoOnAsIfEachWereAlone(int tokens) {
    int[] first = story(2);
    int[] second = joined(first, tokens, story(3));
    List<float[]> expected = alone(first);
    List<float[]> other = alone(second);
    try (StepDecoder decoder = network.decoder(3, PROMPT.length)) {
      decoder.start(List.of(PROMPT));
      for (int t = 0; t < tokens; t++) {
        decoder.step(new int[] {first[t]});
      }
      decoder.select(new int[] {0, 0, 0});
      for (int t = tokens; t < STEPS; t++) {
        StepLogits logits = decoder.step(new int[] {first[t], second[t], first[t]});

        assertThat(row(logits, 0)).as("step %d", t).isEqualTo(expected.get(t));
        assertThat(row(logits, 1)).as("step %d", t).isEqualTo(other.get(t));
        assertThat(row(logits, 2)).as("step %d", t).isEqualTo(expected.get(t));
      }
    }
  }

  @Test
  void memoryOfRowsThatEndedServesOthersWithoutATrace() {
    int[] story = story(2);
    List<float[]> expected = alone(story);
    try (StepDecoder decoder = network.decoder(2, PROMPT.length)) {
      decoder.start(List.of(PROMPT, new int[] {5, 6}));
      for (int t = 0; t < STEPS; t++) {
        decoder.step(new int[] {4, 7});
      }
      decoder.select(new int[] {1});
      decoder.start(List.of(PROMPT));
      for (int t = 0; t < STEPS; t++) {
        assertThat(row(decoder.step(new int[] {4, story[t]}), 1)).isEqualTo(expected.get(t));
      }
    }
  }

  @Test
  void aTokenThatLiesFarBackIsStillSeen() {
    int[] story = story(2);
    int[] changed = story.clone();
    changed[0] = story[0] == 4 ? 5 : 4;

    assertThat(alone(changed).get(STEPS - 1)).isNotEqualTo(alone(story).get(STEPS - 1));
  }

  /** What decoding sees of a story is what learning saw of it, window by window. */
  @Test
  void aStoryThatIsLearnedInWindowsIsAsLikelyWhenItIsWritten() throws IOException {
    Minibatch pair = new Minibatch(List.of(PROMPT), List.of(story(2)));
    double whole = model.score(pair).nll();
    for (int window : new int[] {16, 31, 32, STEPS / 2}) {
      double learned = model.score(pair.windows(window)).nll();

      assertThat(written(story(2), window)).isCloseTo(learned, ROUNDING);
      assertThat(learned).isNotCloseTo(whole, within(1e-2));
    }
    assertThat(written(story(2), STEPS)).isCloseTo(whole, ROUNDING);
  }

  /** −ln p of a story, one step after the other. */
  private double written(int[] story, int window) throws IOException {
    double nll = 0;
    try (StepDecoder.Network own =
            StepDecoder.Network.of(model.config(), model.weights(), Precision.FLOAT32, window);
        StepDecoder decoder = own.decoder(1, PROMPT.length)) {
      decoder.start(List.of(PROMPT));
      for (int t = 0; t <= story.length; t++) {
        int token = t == 0 ? Minibatch.START : story[t - 1];
        float[] logits = row(decoder.step(new int[] {token}), 0);
        double sum = IntStream.range(0, VOCABULARY).mapToDouble(i -> Math.exp(logits[i])).sum();
        nll += Math.log(sum) - logits[t == story.length ? Minibatch.END : story[t]];
      }
    }
    return nll;
  }
}
