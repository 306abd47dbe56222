package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.StoryDecoder.Request;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.Vocabulary;

/**
 * A model that has learned to name who its prompt is about, however unheard-of the name: {@code the
 * fox and Aaba} becomes {@code Aaba sang .}
 */
class CopyingTest {

  private static final int BATCH = 32;

  @TempDir private static java.nio.file.Path folder;

  private static Bundle bundle;

  @BeforeAll
  static void learn() {
    SmallBundle untrained = SmallBundle.ofDozenWords().withCopying();
    Path models = new Path(folder.toUri());
    Configuration configuration = new Configuration();
    try (Bundle drawn = Bundle.read(new Path(models, untrained.writeTo(folder)), configuration);
        Seq2SeqGraph model = Seq2SeqGraph.create(drawn.config(), new Optimisation(0.02, 5, 1))) {
      Random random = new Random(3);
      for (int i = 0; i < 150; i++) {
        model.fit(minibatch(new TextCodec(drawn.text(), drawn.vocabulary()), random));
      }
      String version =
          Bundle.write(
              models,
              configuration,
              drawn.config(),
              drawn.text(),
              drawn.vocabulary(),
              model.weights(),
              drawn.provenance());
      bundle = Bundle.read(new Path(models, version), configuration);
    }
  }

  @AfterAll
  static void close() {
    bundle.close();
  }

  private static Minibatch minibatch(TextCodec codec, Random random) {
    List<int[]> prompts = new ArrayList<>();
    List<int[]> stories = new ArrayList<>();
    for (int pair = 0; pair < BATCH; pair++) {
      String name = name(random.nextInt(10_000));
      List<String> prompt = codec.promptTokens(prompt(random.nextInt(4), name));
      PairVocabulary words = PairVocabulary.of(codec.vocabulary(), prompt, true);
      prompts.add(words.ids(prompt));
      stories.add(words.ids(codec.storyTokens(name + " sang. " + name + " ran home.")));
    }
    return new Minibatch(prompts, stories);
  }

  private static String name(int number) {
    return "a" + Integer.toString(number, 26).replaceAll("[0-9]", "q") + "a";
  }

  private static String prompt(int form, String name) {
    return switch (form) {
      case 0 -> "the fox and " + name;
      case 1 -> name + " and the hen";
      case 2 -> "the moon, " + name + ".";
      default -> name + " ran home";
    };
  }

  private static List<GeneratedStory> stories(DecodeSettings settings, String... prompts) {
    return new StoryDecoder(bundle, settings)
        .generate(Arrays.stream(prompts).map(prompt -> new Request(prompt, "")).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "int8"})
  void storiesHoldNamesThatTheVocabularyLacks(String precision) {
    assertThat(bundle.vocabulary().id("zaphod")).isEqualTo(Vocabulary.OOV);

    assertThat(
            stories(
                Decoding.by("strategy=greedy", "precision=" + precision),
                "the fox and Zaphod",
                "the moon, Trillian.",
                "a fox ran home"))
        .extracting(GeneratedStory::story)
        .satisfies(
            written -> {
              assertThat(written.get(0)).containsIgnoringCase("zaphod sang.");
              assertThat(written.get(1)).containsIgnoringCase("trillian sang.");
            });
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void everyWayOfWritingCopiesAndNoneWritesTheUnknown(Strategy strategy) {
    String way = "strategy=" + strategy.label();

    GeneratedStory story = stories(Decoding.by(way, "min-tokens=8"), "the fox and Zaphod").get(0);

    assertThat(story.story()).containsIgnoringCase("zaphod").doesNotContain("<");
  }

  @Test
  void aPromptOfUnknownWordsAloneHasAStory() {
    GeneratedStory story = stories(Decoding.by("strategy=greedy"), "Zaphod Beeblebrox").get(0);

    assertThat(story.finishReason()).isNotEqualTo(FinishReason.REJECTED);
    assertThat(story.story()).doesNotContain("<");
  }

  @Test
  void aBannedWordIsNotCopiedEither() {
    for (Strategy strategy : Strategy.values()) {
      DecodeSettings settings =
          Decoding.by("strategy=" + strategy.label(), "banned-words=zaphod,home");

      assertThat(stories(settings, "the fox and Zaphod", "the fox and Trillian"))
          .extracting(GeneratedStory::story)
          .noneMatch(story -> story.matches("(?is).*(zaphod|home).*"))
          .anyMatch(story -> story.matches("(?is).*trillian.*"));
    }
  }

  @Test
  void copiedWordsCountForTheRuleOnNgrams() {
    int[] tokens = decoded(Decoding.by("strategy=greedy", "no-repeat-ngram=1", "min-tokens=8"));

    assertThat(Arrays.stream(tokens).filter(id -> id >= bundle.vocabulary().size())).hasSize(1);
    assertThat(Arrays.stream(tokens)).doesNotHaveDuplicates();
  }

  private static int[] decoded(DecodeSettings settings) {
    return decoded(settings, List.of(ids("the fox and Zaphod"))).get(0).tokens();
  }

  private static int[] ids(String prompt) {
    return new PromptReader(bundle).read(prompt).ids();
  }

  private static List<DecodedStory> decoded(DecodeSettings settings, List<int[]> prompts) {
    try (Seq2SeqGraph model = Seq2SeqGraph.of(bundle.config(), bundle.weights().tensors())) {
      return Decoding.stories(
          model,
          settings,
          prompts,
          prompts.stream().map(ids -> RandomStream.of(7, Arrays.toString(ids), "")).toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void storyDoesNotDependOnBatchMates(Strategy strategy) {
    List<int[]> prompts =
        IntStream.range(0, 12).mapToObj(i -> ids(prompt(i % 4, name(70 * i)))).toList();
    List<DecodedStory> together =
        decoded(Decoding.by("strategy=" + strategy.label(), "batch=64"), prompts);
    for (int batch : new int[] {1, 5}) {
      List<DecodedStory> apart =
          decoded(Decoding.by("strategy=" + strategy.label(), "batch=" + batch), prompts);
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(apart.get(i).tokens()).containsExactly(together.get(i).tokens());
        assertThat(apart.get(i).logProb()).isEqualTo(together.get(i).logProb());
      }
    }
  }

  @Test
  void logProbTakesACopiedWordAtItsOwnProbability() {
    int[] prompt = ids("Arthur and Zaphod");
    DecodedStory story = decoded(Decoding.by("strategy=greedy"), List.of(prompt)).get(0);
    assertThat(story.finishReason()).isEqualTo(FinishReason.END);
    assertThat(Arrays.stream(story.tokens())).anyMatch(id -> id >= bundle.vocabulary().size());

    try (Seq2SeqGraph model = Seq2SeqGraph.of(bundle.config(), bundle.weights().tensors())) {
      var score = model.score(new Minibatch(List.of(prompt), List.of(story.tokens())));
      assertThat(story.logProb()).isCloseTo(-score.ownNll() / score.tokens(), within(1e-5));
      // two unknown words share what is pooled
      assertThat(score.nll()).isLessThan(score.ownNll());
    }
  }

  @Test
  void aWordOfTheVocabularyIsLikelierForStandingInThePrompt() {
    Seq2SeqConfig config = OutputOptions.copying(30, 8, 12, false);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1))) {
      int[] story = {9};
      double with = model.score(new Minibatch(List.of(new int[] {5, 9}), List.of(story))).nll();
      double without = model.score(new Minibatch(List.of(new int[] {5, 8}), List.of(story))).nll();

      assertThat(with).isLessThan(without - 0.5);
    }
  }

  @Test
  void weightsOfCopyingHaveTheShapesOfTheFormat() {
    var tensors = bundle.weights().tensors();

    assertThat(tensors.get("copy.weight").shape()).containsExactly(8 + 2 * 12, 1);
    assertThat(tensors.get("copy.bias").shape()).containsExactly(1);
  }
}
