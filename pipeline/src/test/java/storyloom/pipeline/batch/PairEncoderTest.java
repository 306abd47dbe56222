package storyloom.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.Pairs;

class PairEncoderTest {

  private static final TextSettings SETTINGS =
      new TextSettings(TextCleaner.ruleNames(), "words", true, 3, 6);
  private static final Vocabulary VOCABULARY =
      Vocabulary.build(
          List.of(
              new TokenCount(".", 9),
              new TokenCount("the", 8),
              new TokenCount("dog", 7),
              new TokenCount("ran", 6)),
          1,
          8);

  @Test
  void idsAreThoseThatServingGives() {
    String prompt = "The dog ran over the hill";
    String story = "The dog ran. The dog hid.\nThe end. It ran.";
    TextCodec codec = new TextCodec(SETTINGS, VOCABULARY);

    EncodedPair pair = encoded(prompt + "|" + story).get(0);

    assertThat(pair.prompt()).isEqualTo(codec.cutPrompt(codec.promptIds(prompt)));
    assertThat(pair.story()).isEqualTo(codec.storyIds(story));
  }

  @Test
  void longPromptsAndStoriesAreCut() {
    EncodedPair pair = encoded("the dog ran the|The dog ran. The dog ran. The dog.").get(0);

    assertThat(pair.prompt()).containsExactly(5, 6, 7);
    assertThat(pair.story()).containsExactly(5, 6, 7, 4);
    assertThat(pair.promptCut()).isEqualTo(1);
    assertThat(pair.storyCut()).isEqualTo(7);
  }

  @Test
  void nothingIsCutFromWhatFits() {
    EncodedPair pair = encoded("the dog ran|The dog ran.").get(0);

    assertThat(pair.promptCut()).isZero();
    assertThat(pair.storyCut()).isZero();
  }

  @Test
  void unknownWordsAndWordsSpeltLikeSpecialTokensAreUnknown() {
    EncodedPair pair = encoded("cats|<end>").get(0);

    assertThat(pair.prompt()).containsExactly(Vocabulary.OOV);
    assertThat(pair.story()).isNotEmpty().containsOnly(Vocabulary.OOV);
  }

  @Test
  void pairsWithoutTokensOnASideAreLeftOut() {
    assertThat(encoded("the|dog", " |dog", "the|")).hasSize(1);
  }

  @Test
  void theVocabularyIsTakenAwayOnClosing() {
    JavaRDD<EncodedPair> pairs;
    try (PairEncoder encoder = new PairEncoder(LocalSpark.session(), SETTINGS, VOCABULARY)) {
      pairs = encoder.encode(Pairs.of("the|dog"));
    }

    assertThatThrownBy(pairs::count).hasStackTraceContaining("destroyed");
  }

  @Test
  void whereWordsAreCopiedThoseOfThePromptHaveIdsOfTheirOwn() {
    EncodedPair pair = encoded(true, "the yak yak zebra|Yak ran. The zebra hid.").get(0);

    // the zebra stands behind the longest prompt
    assertThat(pair.prompt()).containsExactly(5, 8 + 1, 8 + 1);
    assertThat(pair.story()).containsExactly(8 + 1, 7, 4);
    assertThat(pair.unknown()).isEqualTo(3);
  }

  private static List<EncodedPair> encoded(String... pairs) {
    return encoded(false, pairs);
  }

  private static List<EncodedPair> encoded(boolean copies, String... pairs) {
    try (PairEncoder encoder =
        new PairEncoder(LocalSpark.session(), SETTINGS, VOCABULARY, copies)) {
      return encoder.encode(Pairs.of(pairs)).collect();
    }
  }
}
