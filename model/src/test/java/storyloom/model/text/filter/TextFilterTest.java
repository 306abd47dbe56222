package storyloom.model.text.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.filter.RejectionSettings.Bounds;

class TextFilterTest {

  private final TextFilter filter =
      TextFilter.of(new RejectionSettings(TextFilter.ruleNames(), Bounds.NONE, Bounds.NONE));

  @ParameterizedTest
  @ValueSource(strings = {"[deleted]", "[ Removed ]", "deleted", "[removed by moderator]"})
  void noticesOfDeletionAreRejected(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).contains("deleted");
    assertThat(filter.rejectedBy(text, TextSide.PROMPT)).contains("deleted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"He deleted it.", "[deleted] he said", "Deleted scenes", ""})
  void textsAboutDeletionStay(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I am a bot, and this action was performed automatically.",
        "Your submission has been removed because it breaks rule 3.",
        "Beep boop! Tell my creator what you think."
      })
  void whatProgramsPostIsRejected(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).contains("bots");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"I am a robot,\" said the robot, and sat down beside her.",
        "I am a robot, and my creator is dead. I speak of my source with love.",
        "\"I am a robot,\" it said. \"Please contact your home world.\"",
        "\"Beep boop,\" it said, \"tell my creator that I am a bot.\" The rain fell.",
        "Your submission was removed from the temple, and burned.",
        "The moderators of the debate shook hands. The door opened automatically."
      })
  void storiesAboutRobotsStay(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).isEmpty();
  }

  @Test
  void codeIsRejected() {
    assertThat(
            filter.rejectedBy(
                "Look:\nfor (int i = 0; i < n; i++) {\nsum += a[i];\n}\nreturn sum;",
                TextSide.STORY))
        .contains("code");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "One little nick, two little nick;\nthree little nick, four;\nslice, slice;\nfloor.",
        "He typed: x = 3;\nIt failed.\nShe laughed.\nThey went home (at last).",
        "NAME:___ AGE:___\n[]Sharp []Blunt [x]Ropes\n[]Slim []None\nSIGNED:___",
        "22:08 <Old_Guy_> HD?\n22:11 <Me> Hmm\n22:11 <Old_Guy_> a hard drive\n[22:12] <Me> yep",
        "I had never seen a machine write anything before, but there it stood, line by line:\n"
            + "x = (3);\ny = (4);\nz = (5);\nThen it fell silent, and did not wake again."
      })
  void verseChatsAndStoriesWithSomeCodeStay(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Es war einmal ein König, der hatte eine Tochter, die war so schön, dass die Sonne selber"
            + " sich wunderte, so oft sie ihr ins Gesicht schien.",
        "Il était une fois un roi qui avait une fille si belle que le soleil lui-même s'étonnait"
            + " chaque fois qu'il éclairait son visage.",
        "Жил-был царь",
        "昔々あるところに"
      })
  void otherLanguagesAreRejected(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).contains("non-english");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Once there was a king, and he had a daughter so fair that the sun himself marvelled each"
            + " time he shone upon her face.",
        "Run! Run! Run!",
        "Ça va? 123 :-)"
      })
  void englishAndWhatIsTooShortToTellStay(String text) {
    assertThat(filter.rejectedBy(text, TextSide.STORY)).isEmpty();
  }

  @Property(tries = 500, seed = "1")
  void anyTextAtAllIsJudged(@ForAll("texts") String text, @ForAll TextSide side) {
    assertThat(filter.rejectedBy(text, side).orElse("code")).isIn(TextFilter.reasons());
  }

  /** Arbitrary Unicode among line breaks and what the rules look for. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> marks =
        Arbitraries.of("\n", " ", ";", "{", "}", "x = 1;", "<a> ", "1:23 ", "[deleted]", "bot");
    return Arbitraries.oneOf(marks, Arbitraries.strings().all().ofMaxLength(3))
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Test
  void lengthsAreBoundedOnEachSideByItself() {
    TextFilter bounded =
        TextFilter.of(new RejectionSettings(List.of(), new Bounds(2, 3), new Bounds(3, 0)));

    assertThat(bounded.rejectedBy("one", TextSide.PROMPT)).contains("too-short");
    assertThat(bounded.rejectedBy("one two", TextSide.PROMPT)).isEmpty();
    assertThat(bounded.rejectedBy("one two three four", TextSide.PROMPT)).contains("too-long");
    assertThat(bounded.rejectedBy("one two", TextSide.STORY)).contains("too-short");
    assertThat(bounded.rejectedBy("one two three four", TextSide.STORY)).isEmpty();
  }

  @Test
  void nothingIsRejectedWhereNothingIsAskedFor() {
    assertThat(TextFilter.of(RejectionSettings.NONE).rejectedBy("[deleted]", TextSide.STORY))
        .isEmpty();
  }

  @Test
  void everyRuleHasAReason() {
    assertThat(TextFilter.reasons())
        .containsAll(TextFilter.ruleNames())
        .contains("too-short", "too-long")
        .doesNotHaveDuplicates();
  }

  @Test
  void anUnknownRuleIsRefusedByName() {
    RejectionSettings settings =
        new RejectionSettings(List.of("spelling"), Bounds.NONE, Bounds.NONE);

    assertThatThrownBy(() -> TextFilter.of(settings))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("unknown rejection rule spelling")
        .hasMessageContaining("deleted");
  }
}
