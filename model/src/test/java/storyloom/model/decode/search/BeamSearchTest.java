package storyloom.model.decode.search;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.Decoding;
import storyloom.model.decode.Rows;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.text.token.Vocabulary;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BeamSearchTest {

  private static final int VOCABULARY = 7;
  private static final int LONGEST = 4;

  private final List<int[]> prompts = List.of(new int[] {4, 5}, new int[] {6}, new int[] {5, 5, 4});
  private Seq2SeqGraph model;

  /** A story, by its tokens and what it is ranked by. */
  private record Possible(int[] tokens, double rank) {}

  @BeforeAll
  void trainALittle() {
    NativeThreads.set(1);
    model =
        Seq2SeqGraph.create(new Seq2SeqConfig(VOCABULARY, 6, 8, 0), new Optimisation(0.05, 5, 2));
    for (int i = 0; i < 10; i++) {
      model.fit(
          new Minibatch(
              prompts, List.of(new int[] {4, 5, 4}, new int[] {6, 6}, new int[] {5, 4, 6})));
    }
  }

  @AfterAll
  void close() {
    model.close();
  }

  private List<List<DecodedStory>> decode(int wanted, String... assignments) {
    List<String> all = new ArrayList<>(List.of("strategy=beam", "max-tokens=" + LONGEST));
    all.addAll(Arrays.asList(assignments));
    List<RandomStream> streams =
        prompts.stream().map(prompt -> RandomStream.of(1, "", "")).toList();
    DecodeSettings settings = Decoding.by(all.toArray(String[]::new));
    try (StepDecoder.Network network = StepDecoder.Network.of(model.config(), model.weights())) {
      return Decoding.bestStories(network, settings, prompts, streams, wanted, BannedWords.NONE);
    }
  }

  /** Every story that there can be, best first. */
  private List<Possible> everyStory(int[] prompt, double lengthPenalty) {
    List<Possible> all = new ArrayList<>();
    List<int[]> starts = new ArrayList<>(List.of(new int[0]));
    BeamSearch.Settings beam = new BeamSearch.Settings(1, lengthPenalty);
    while (!starts.isEmpty()) {
      List<int[]> longer = new ArrayList<>();
      for (int[] start : starts) {
        for (int id = Vocabulary.FIRST_WORD; id < VOCABULARY; id++) {
          int[] story = Arrays.copyOf(start, start.length + 1);
          story[start.length] = id;
          double[] sums = logProbs(prompt, story);
          if (story.length == LONGEST) {
            all.add(new Possible(story, beam.rank(sums[0], LONGEST)));
          } else {
            all.add(new Possible(story, beam.rank(sums[1], story.length + 1)));
            longer.add(story);
          }
        }
      }
      starts = longer;
    }
    all.sort(comparingDouble(Possible::rank).reversed());
    return all;
  }

  /** Of the story's tokens together, and with its end. */
  private double[] logProbs(int[] prompt, int[] story) {
    float[][] probabilities =
        model
            .graph()
            .output(
                false,
                new Minibatch(List.of(prompt), List.of(story))
                    .toDataSet(model.graph().params().dataType())
                    .getFeatures())[0]
            .toFloatMatrix();
    double sum = 0;
    for (int i = 0; i < story.length; i++) {
      sum += Math.log(probabilities[i][story[i]]);
    }
    return new double[] {sum, sum + Math.log(probabilities[story.length][Vocabulary.END])};
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.6, 2})
  void beamAsWideAsAllStoriesFindsTheBestOnesInTheirOrder(double lengthPenalty) {
    List<List<DecodedStory>> found = decode(10, "beam-size=27", "length-penalty=" + lengthPenalty);
    for (int i = 0; i < prompts.size(); i++) {
      List<Possible> every = everyStory(prompts.get(i), lengthPenalty);
      assertThat(every).hasSize(3 + 9 + 27 + 81);
      assertThat(found.get(i)).hasSize(10);
      for (int place = 0; place < 10; place++) {
        assertThat(found.get(i).get(place).tokens()).containsExactly(every.get(place).tokens());
      }
    }
  }

  @Test
  void beamOfOneIsGreedyWhereNoStoryEndsEarly() {
    List<List<DecodedStory>> one = decode(1, "beam-size=1", "min-tokens=" + LONGEST);
    List<List<DecodedStory>> greedy = decode(1, "strategy=greedy", "min-tokens=" + LONGEST);

    for (int i = 0; i < prompts.size(); i++) {
      assertThat(one.get(i).get(0).tokens()).containsExactly(greedy.get(i).get(0).tokens());
      assertThat(one.get(i).get(0).logProb()).isEqualTo(greedy.get(i).get(0).logProb());
    }
  }

  @Test
  void bestStoryDoesNotDependOnHowManyAreWanted() {
    List<List<DecodedStory>> best = decode(1, "beam-size=3");
    List<List<DecodedStory>> some = decode(3, "beam-size=3");

    for (int i = 0; i < prompts.size(); i++) {
      assertThat(some.get(i).get(0).tokens()).containsExactly(best.get(i).get(0).tokens());
    }
  }

  @Test
  void lengthPenaltyIsThatOfGnmt() {
    assertThat(new BeamSearch.Settings(5, 0).rank(-7, 30)).isEqualTo(-7);
    assertThat(new BeamSearch.Settings(5, 1).rank(-7, 7)).isCloseTo(-3.5, within(1e-12));
    assertThat(new BeamSearch.Settings(5, 0.6).rank(-7, 1)).isCloseTo(-7, within(1e-12));
    assertThat(new BeamSearch.Settings(5, 0.6).rank(-7, 19)).isCloseTo(-3.0469276, within(1e-6));
  }

  @Test
  void anEndIsAStoryEvenWhereItFallsBehindAllContinuations() {
    BeamSearch search = new BeamSearch(new BeamSearch.Settings(2, 0), 1, 10);
    NextTokenLogits row = Rows.of(-9, -9, -9, 0, 3, 3, 3);
    search.step(List.of(search.expand(Hypothesis.EMPTY, row)));
    assertThat(search.live())
        .extracting(hypothesis -> hypothesis.tokens()[0])
        .containsExactly(4, 5);

    Next bad = new Next(6, -50, -50);
    search.step(List.of(List.of(bad), List.of(bad)));

    assertThat(search.live()).isEmpty();
    assertThat(search.stories()).hasSize(1);
    assertThat(search.stories().get(0).tokens()).isEmpty();
  }

  @Test
  void searchGoesOnWhileADraftCanStillWin() {
    BeamSearch search = new BeamSearch(new BeamSearch.Settings(2, 1), 1, 10);
    // the end now has −3·6/6 = −3, a hypothesis of −6 may come to −6·6/15 = −2.4, one of −8 to −3.2
    search.step(
        List.of(
            List.of(new Next(Vocabulary.END, -3, -3), new Next(4, -6, -6), new Next(5, -8, -8))));

    assertThat(search.live()).extracting(hypothesis -> hypothesis.tokens()[0]).containsExactly(4);
  }
}
