package storyloom.model.decode.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import storyloom.model.decode.Rows;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.text.token.Vocabulary;

class DraftsTest {

  private static final DecodedStory COMMON = draft(5, -1.0);
  private static final DecodedStory APT = draft(6, -1.5);
  private static final DecodedStory WILD = draft(7, -4.0);
  private static final List<DecodedStory> DRAFTS = List.of(WILD, COMMON, APT);

  /** What is common is so after any prompt. */
  private static final List<List<DecodedStory>> OTHERS =
      List.of(
          List.of(draft(7, -5.0), draft(5, -1.0), draft(6, -3.0)),
          List.of(draft(7, -5.0), draft(5, -1.2), draft(6, -3.4)));

  private static DecodedStory draft(int token, double logProb) {
    return new DecodedStory(new int[] {token}, logProb, FinishReason.END);
  }

  private static List<DecodedStory> ranked(double priorWeight) {
    return new Drafts(3, priorWeight).ranked(DRAFTS, OTHERS);
  }

  @Test
  void withoutOtherPromptsTheLikeliestIsKept() {
    assertThat(new Drafts(3, 1).ranked(DRAFTS, List.of())).containsExactly(COMMON, APT, WILD);
    assertThat(ranked(0)).containsExactly(COMMON, APT, WILD);
  }

  @Test
  void theMoreOtherPromptsCountTheLessIsWhatWouldBeSaidAfterAny() {
    // APT gains 3.2 a unit of weight, COMMON 1.1: APT is first from 0.24 on
    assertThat(ranked(0.2)).startsWith(COMMON);
    assertThat(ranked(0.3)).containsExactly(APT, COMMON, WILD);
    assertThat(ranked(1)).containsExactly(APT, WILD, COMMON);
  }

  @Test
  void ofEqualDraftsTheEarlierIsKept() {
    DecodedStory twin = draft(9, -1.0);

    assertThat(new Drafts(2, 0).ranked(List.of(twin, COMMON), List.of())).startsWith(twin);
    assertThat(new Drafts(2, 0).ranked(List.of(COMMON, twin), List.of())).startsWith(COMMON);
  }

  @Test
  void oneDraftIsComparedToNothing() {
    assertThat(Stream.of(new Drafts(1, 1), new Drafts(4, 0)).map(Drafts::areCompared))
        .containsOnly(false);
    assertThat(new Drafts(2, 0.1).areCompared()).isTrue();
  }

  @Test
  void aWordThatOnlyTheOwnPromptHasIsUnknownAfterOthers() {
    float copied = Float.NEGATIVE_INFINITY;
    DecodedStory copying = new DecodedStory(new int[] {5, 8, 6}, -1, FinishReason.END);
    Search reading = SingleSearch.reading(List.of(copying), 10);

    List<Integer> read = new ArrayList<>();
    while (!reading.live().isEmpty()) {
      List<Hypothesis.Next> next =
          reading.expand(reading.live().get(0), Rows.of(1, 1, 1, 1, 1, 1, 1, 1, copied));
      read.add(next.get(0).token());
      reading.step(List.of(next));
    }

    assertThat(read).containsExactly(5, Vocabulary.OOV, 6, Vocabulary.END);
  }
}
