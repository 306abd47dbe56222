package storyloom.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.LongStories;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

class TextCodecTest {

  private static final String STORY = "The fox ran. \"Stop!\" it cried.\nNobody heard it";

  @Test
  void aStoryComesBackFromItsIds() {
    TextCodec codec = codec(200, STORY);

    assertThat(codec.story(codec.storyIds(STORY.replace("\n", " <newline> ")))).isEqualTo(STORY);
  }

  @Test
  void whatIsNotKnownIsOov() {
    assertThat(codec(200, STORY).promptIds("the wolf ran"))
        .contains(Vocabulary.OOV)
        .doesNotContain(Vocabulary.PAD, Vocabulary.START, Vocabulary.END);
  }

  @Test
  void aPromptThatSaysEndHoldsAWord() {
    assertThat(codec(200, "the < end >").promptIds("the <end>")).hasSize(6).doesNotContain(3);
  }

  @Test
  void aBlankTextHasNoIds() {
    assertThat(codec(200, STORY).promptIds(" <newline> ")).isEmpty();
  }

  @Test
  void aLongPromptIsCutOnlyOnDemand() {
    TextCodec codec = codec(200, STORY);
    int[] ids = codec.promptIds("the fox ran the fox ran the fox ran");

    assertThat(ids).hasSize(9);
    assertThat(codec.isPromptTooLong(ids)).isTrue();
    assertThat(codec.cutPrompt(ids)).isEqualTo(Arrays.copyOf(ids, 8));
  }

  private static List<String> sentences(String story) {
    TextCodec codec = codec(200, story);
    return codec.sentences(codec.tokens(story, TextSide.STORY)).stream().map(codec::text).toList();
  }

  @Test
  void sentencesEndWithTheirMarksAndWhatClosesThem() {
    assertThat(sentences("The fox ran. \"Stop!\" The hen cried?! (It did.) And then"))
        .containsExactly("The fox ran.", "\"Stop!\"", "The hen cried?!", "(It did.)", "And then");
    assertThat(sentences("No end")).containsExactly("No end");
    assertThat(sentences("")).isEmpty();
  }

  @Test
  void sentencesTogetherAreTheStory() {
    TextCodec codec = codec(200, STORY);
    List<String> tokens = codec.tokens(STORY, TextSide.STORY);

    assertThat(codec.sentences(tokens).stream().flatMap(List::stream))
        .containsExactlyElementsOf(tokens);
  }

  @Test
  void aLongStoryEndsAtItsLastSentenceEndThatFits() {
    assertThat(kept(3, STORY)).isEqualTo("The fox ran"); // no end fits
    assertThat(kept(5, STORY)).isEqualTo("The fox ran."); // not at the quote that opens
    assertThat(kept(9, STORY)).isEqualTo("The fox ran. \"Stop!\""); // with the quote that closes
    assertThat(kept(13, STORY)).isEqualTo("The fox ran. \"Stop!\" it cried.");
    assertThat(kept(14, STORY))
        .isEqualToIgnoringCase(STORY.replace(" heard it", "").split("\n")[0]);
  }

  @Test
  void aLineBreakIsAPlaceToCut() {
    assertThat(kept(6, "A song\nwithout an end\nand no stops")).isEqualTo("A song");
  }

  @Test
  void aStoryThatFitsIsNotCut() {
    TextCodec codec = codec(6, STORY);
    List<String> tokens = codec.tokens("one. two three four", TextSide.STORY);

    assertThat(codec.isStoryTooLong(tokens)).isFalse();
    assertThat(codec.cutStory(tokens)).isEqualTo(tokens);
  }

  @Test
  void wordsAreSplitAtWhiteSpace() {
    assertThat(TextCodec.words("\"Well-known,\" she said.\nThe end.")).isEqualTo(5);
    assertThat(TextCodec.words("")).isZero();
  }

  @Test
  void manyThreadsMayShareACodec() {
    TextCodec codec = codec(200, STORY);
    int[] expected = codec.storyIds(STORY);

    assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> codec.storyIds(STORY)))
        .allSatisfy(ids -> assertThat(ids).isEqualTo(expected));
  }

  @Property(tries = 300, seed = "1")
  void idsAreInRangeAndStoriesNotTooLong(@ForAll String raw) {
    TextCodec codec = codec(10, STORY);

    assertThat(codec.storyIds(raw))
        .hasSizeLessThanOrEqualTo(10)
        .satisfies(
            ids ->
                assertThat(Arrays.stream(ids))
                    .allMatch(id -> id == Vocabulary.OOV || id >= Vocabulary.FIRST_WORD)
                    .allMatch(id -> id < codec.vocabulary().size()));
  }

  @Test
  void storiesThatAreReadInWindowsAreNotCut() {
    TextSettings windows =
        new TextSettings(
            List.of(), "words", true, 8, 16, LongStories.WINDOWS, TextSettings.RULES_VERSION);
    TextCodec codec = new TextCodec(windows, Vocabulary.build(Map.of(), 1, 4));
    String story = "one. ".repeat(40);

    assertThat(codec.storyTokens(story)).hasSize(80);
    assertThat(codec.isStoryTooLong(codec.storyTokens(story))).isFalse();
  }

  private static String kept(int maxStoryTokens, String story) {
    TextCodec codec = codec(maxStoryTokens, story);
    return codec.story(codec.storyIds(story));
  }

  private static TextCodec codec(int maxStoryTokens, String... texts) {
    TextSettings settings =
        new TextSettings(TextCleaner.ruleNames(), "words", true, 8, maxStoryTokens);
    Map<String, Long> counts = new HashMap<>();
    for (String text : texts) {
      new TextCodec(settings, Vocabulary.build(Map.of(), 1, 4))
          .tokens(text, TextSide.STORY)
          .forEach(token -> counts.merge(token, 1L, Long::sum));
    }
    return new TextCodec(settings, Vocabulary.build(counts, 1, 1000));
  }
}
