package storyloom.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.text.RejectionSettings.Bounds;

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
