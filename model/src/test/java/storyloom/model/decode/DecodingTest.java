package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecodingTest {

  private static final int VOCABULARY = 50;

  private static final TextCodec CODEC = codec();

  private final List<int[]> prompts = prompts(37);
  private Seq2SeqGraph model;

  private static List<int[]> prompts(int count) {
    Random random = new Random(11);
    return IntStream.range(0, count)
        .mapToObj(i -> random.ints(1 + random.nextInt(12), 1, VOCABULARY).toArray())
        .toList();
  }

  /** Its words are numbers. */
  private static TextCodec codec() {
    Map<String, Long> counts = new HashMap<>();
    for (int id = Vocabulary.FIRST_WORD; id < VOCABULARY; id++) {
      counts.put(Integer.toString(id), 1L);
    }
    return new TextCodec(
        new TextSettings(List.of(), "words", true, 12, 20),
        Vocabulary.build(counts, 1, VOCABULARY));
  }

  @BeforeAll
  void trainALittle() {
    NativeThreads.set(1);
    model =
        Seq2SeqGraph.create(new Seq2SeqConfig(VOCABULARY, 16, 24, 0), new Optimisation(0.01, 5, 1));
    List<int[]> stories =
        prompts.stream()
            .map(prompt -> IntStream.of(prompt).map(id -> Math.max(4, id)).toArray())
            .toList();
    for (int i = 0; i < 40; i++) {
      model.fit(new Minibatch(prompts, stories));
    }
  }

  @AfterAll
  void close() {
    model.close();
  }

  private List<DecodedStory> decode(DecodeSettings settings, List<int[]> some) {
    return Decoding.stories(model, settings, some, streams(some, settings.seed()));
  }

  private static List<RandomStream> streams(List<int[]> some, long seed) {
    return some.stream().map(prompt -> RandomStream.of(seed, Arrays.toString(prompt), "")).toList();
  }

  private static DecodeSettings settings(Strategy strategy, int batch) {
    return Decoding.by(
        "strategy=" + strategy.label(),
        "temperature=0.9",
        "max-tokens=20",
        "batch=" + batch,
        "seed=5");
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void storyDoesNotDependOnBatchMates(Strategy strategy) {
    List<DecodedStory> together = decode(settings(strategy, 64), prompts);
    for (int batch : new int[] {1, 3, 8, 16}) {
      assertSame(decode(settings(strategy, batch), prompts), together);
    }
    List<int[]> backwards = new ArrayList<>(prompts);
    Collections.reverse(backwards);
    List<DecodedStory> reversed = new ArrayList<>(decode(settings(strategy, 64), backwards));
    Collections.reverse(reversed);
    assertSame(reversed, together);
  }

  private static void assertSame(List<DecodedStory> actual, List<DecodedStory> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).tokens()).containsExactly(expected.get(i).tokens());
      assertThat(actual.get(i).logProb()).isEqualTo(expected.get(i).logProb());
      assertThat(actual.get(i).finishReason()).isEqualTo(expected.get(i).finishReason());
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void logProbIsWhatTheNetworkItselfSaysOfTheStory(Strategy strategy) {
    List<DecodedStory> stories = decode(settings(strategy, 64), prompts);
    for (int i = 0; i < prompts.size(); i++) {
      DecodedStory story = stories.get(i);
      if (story.finishReason() == FinishReason.END) {
        LossTally tally =
            model.score(new Minibatch(List.of(prompts.get(i)), List.of(story.tokens())));
        assertThat(story.logProb()).isCloseTo(-tally.loss(), within(1e-5));
      }
    }
    assertThat(stories).anyMatch(story -> story.finishReason() == FinishReason.END);
  }

  @Test
  void greedyTakesTheLikeliestTokenAtEveryStep() {
    DecodedStory story = decode(settings(Strategy.GREEDY, 1), prompts.subList(0, 1)).get(0);

    LossTally tally = model.score(new Minibatch(prompts.subList(0, 1), List.of(story.tokens())));
    assertThat(story.tokens()).isNotEmpty();
    assertThat(tally.correct()).isGreaterThanOrEqualTo(story.tokens().length);
  }

  @Test
  void specialTokensAreNeverWritten() {
    DecodeSettings wild =
        Decoding.by("strategy=sample", "temperature=50", "top-k=0", "max-tokens=30");
    for (DecodedStory story : decode(wild, prompts)) {
      assertThat(IntStream.of(story.tokens()).min().orElseThrow())
          .isGreaterThanOrEqualTo(Vocabulary.FIRST_WORD);
    }
  }

  @Test
  void lengthsStayWithinTheirBounds() {
    for (Strategy strategy : Strategy.values()) {
      DecodeSettings bounded =
          Decoding.by("strategy=" + strategy.label(), "min-tokens=4", "max-tokens=6");
      for (DecodedStory story : decode(bounded, prompts)) {
        assertThat(story.tokens()).hasSizeBetween(4, 6);
        assertThat(story.finishReason() == FinishReason.LENGTH)
            .isEqualTo(story.tokens().length == 6);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void storyDoesNotDependOnTheNumberOfThreads(Strategy strategy) {
    List<DecodedStory> alone = decode(settings(strategy, 64), prompts);
    NativeThreads.set(2);
    try {
      assertSame(decode(settings(strategy, 64), prompts), alone);
    } finally {
      NativeThreads.set(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void noSequenceOfTokensStandsInAStoryTwiceWhereThatIsForbidden(Strategy strategy) {
    DecodeSettings pairsOnce =
        Decoding.by("strategy=" + strategy.label(), "no-repeat-ngram=2", "min-tokens=15");
    for (DecodedStory story : decode(pairsOnce, prompts)) {
      int[] tokens = story.tokens();
      assertThat(IntStream.range(1, tokens.length).mapToObj(i -> tokens[i - 1] + " " + tokens[i]))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void storyEndsWhereEveryTokenIsForbidden() {
    for (Strategy strategy : Strategy.values()) {
      DecodedStory story =
          decode(
                  Decoding.by(
                      "strategy=" + strategy.label(), "no-repeat-ngram=1", "min-tokens=200"),
                  prompts.subList(0, 1))
              .get(0);

      assertThat(story.tokens())
          .hasSize(VOCABULARY - Vocabulary.FIRST_WORD)
          .doesNotHaveDuplicates();
      assertThat(story.finishReason()).isEqualTo(FinishReason.END);
      assertThat(story.logProb()).isFinite();
    }
  }

  @Test
  void aBannedWordIsNeverWritten() {
    DecodeSettings greedy = settings(Strategy.GREEDY, 64);
    int first = decode(greedy, prompts).get(0).tokens()[0];
    for (Strategy strategy : Strategy.values()) {
      List<DecodedStory> together = decodeWithout(first, settings(strategy, 64));
      for (DecodedStory story : together) {
        assertThat(story.tokens()).doesNotContain(first);
      }
      assertSame(decodeWithout(first, settings(strategy, 3)), together);
    }
  }

  private List<DecodedStory> decodeWithout(int id, DecodeSettings settings) {
    BannedWords banned = BannedWords.of(CODEC, List.of(CODEC.vocabulary().token(id)));
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights())) {
      return Decoding.stories(network, settings, prompts, streams(prompts, 5), banned);
    }
  }

  @Test
  void anotherSeedWritesOtherStories() {
    DecodeSettings one = Decoding.by("strategy=sample", "temperature=1", "top-k=0", "seed=1");
    DecodeSettings other = Decoding.by("strategy=sample", "temperature=1", "top-k=0", "seed=2");

    assertThat(decode(one, prompts).get(0).tokens())
        .isNotEqualTo(decode(other, prompts).get(0).tokens());
  }

  private static DecodeSettings drafts(String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.addAll(List.of("temperature=1.5", "top-k=0", "max-tokens=20", "seed=5"));
    return Decoding.by(all.toArray(String[]::new));
  }

  @Test
  void keptDraftDoesNotDependOnBatchMatesOrThreads() {
    List<DecodedStory> together = decode(drafts("candidates=3"), prompts);
    for (int batch : new int[] {3, 7, 16}) {
      assertSame(decode(drafts("candidates=3", "batch=" + batch), prompts), together);
    }
    NativeThreads.set(2);
    try {
      assertSame(decode(drafts("candidates=3", "batch=9"), prompts), together);
    } finally {
      NativeThreads.set(1);
    }
  }

  /** All drafts of each prompt, the one that is kept first. */
  private List<List<DecodedStory>> allDrafts(DecodeSettings settings) {
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights())) {
      return Decoding.bestStories(
          network, settings, prompts, streams(prompts, 5), 64, BannedWords.NONE);
    }
  }

  @Test
  void draftsAreOrderedByWhatTheNetworkItselfSaysOfThemAfterTheirPromptAndOthers() {
    List<List<DecodedStory>> all = allDrafts(drafts("candidates=4", "prior-weight=0.7"));
    int compared = 0;
    for (int i = 0; i < prompts.size(); i++) {
      int[] own = prompts.get(i);
      List<Double> scores =
          all.get(i).stream()
              .filter(draft -> draft.finishReason() == FinishReason.END)
              .map(draft -> logProb(own, draft) - 0.7 * priorLogProb(own.length, draft))
              .toList();

      assertThat(all.get(i)).hasSize(4);
      assertThat(scores).isSortedAccordingTo(Comparator.reverseOrder());
      compared += scores.size() > 1 ? 1 : 0;
    }
    assertThat(compared).isGreaterThan(prompts.size() / 2);
  }

  private double logProb(int[] prompt, DecodedStory story) {
    return -model.score(new Minibatch(List.of(prompt), List.of(story.tokens()))).loss();
  }

  private double priorLogProb(int length, DecodedStory story) {
    return Decoding.OTHERS.ofLength(length).stream()
        .mapToDouble(other -> logProb(other, story))
        .average()
        .orElseThrow();
  }

  @Test
  void theFirstDraftIsTheStoryThatThereWouldBeAloneAndTheOthersAreTheSameHoweverMany() {
    List<DecodedStory> alone = decode(drafts(), prompts);
    List<List<DecodedStory>> few = allDrafts(drafts("candidates=2"));
    List<List<DecodedStory>> many = allDrafts(drafts("candidates=5"));
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(texts(few.get(i))).contains(Arrays.toString(alone.get(i).tokens()));
      assertThat(texts(many.get(i))).containsAll(texts(few.get(i)));
    }
    assertThat(many).anyMatch(drafts -> texts(drafts).stream().distinct().count() == 5);
  }

  private static List<String> texts(List<DecodedStory> drafts) {
    return drafts.stream().map(draft -> Arrays.toString(draft.tokens())).toList();
  }

  @Test
  void beamAndGreedyHaveTheDraftsThatTheyFind() {
    List<List<DecodedStory>> beams =
        allDrafts(drafts("strategy=beam", "beam-size=3", "candidates=8", "prior-weight=1"));
    List<List<DecodedStory>> wide = allDrafts(drafts("strategy=beam", "beam-size=3"));

    assertThat(beams).allMatch(found -> found.size() <= 3).anyMatch(found -> found.size() == 3);
    for (int i = 0; i < beams.size(); i++) {
      assertThat(texts(wide.get(i))).containsAll(texts(beams.get(i)));
    }
    assertThat(allDrafts(drafts("strategy=greedy", "candidates=8")))
        .allMatch(found -> found.size() == 1);
  }

  @Test
  void moreDraftsThanABatchHasRowsAreRefused() {
    assertThatThrownBy(() -> drafts("candidates=9", "batch=8"))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("decode.candidates", "decode.batch", "8, not 9");
    assertThatThrownBy(() -> drafts("strategy=beam", "beam-size=9", "candidates=2", "batch=8"))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("decode.beam-size", "decode.batch", "8, not 9");
    assertThat(drafts("candidates=8", "batch=8").candidates()).isEqualTo(8);
  }

  @Test
  void offHeapMemoryIsGivenBack() {
    List<int[]> one = prompts.subList(0, 1);
    DecodeSettings brief = Decoding.by("max-tokens=1");
    try (Seq2SeqGraph wide =
        Seq2SeqGraph.create(new Seq2SeqConfig(40_000, 8, 8, 0), new Optimisation(0.01, 5, 1))) {
      List<RandomStream> streams = List.of(RandomStream.of(1, "", ""));
      long before = Pointer.physicalBytes();
      for (int i = 0; i < 400; i++) {
        Decoding.stories(wide, brief, one, streams);
      }

      // each decoding takes 2.6 MB for packed weights alone; the heap is resident from the start
      assertThat(Pointer.physicalBytes() - before).isLessThan(100_000_000);
    }
  }
}
