package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

final class ReferencePairTest {

  private static final Vocabulary VOCABULARY =
      Vocabulary.build(Map.of("a", 5L, "fox", 4L, "ran", 3L, ".", 2L, "<newline>", 1L), 1, 100);

  private static final int A = VOCABULARY.id("a");
  private static final int FOX = VOCABULARY.id("fox");
  private static final int RAN = VOCABULARY.id("ran");
  private static final int STOP = VOCABULARY.id(".");

  private static final TextSettings TEXT =
      new TextSettings(TextCleaner.ruleNames(), "words", true, 3, 6);

  private final ReferencePair.Reader reader = new ReferencePair.Reader(TEXT, VOCABULARY, false);

  @Test
  void textsAreCleanedAndLookedUpAsForTraining() {
    ReferencePair pair = reader.read("A&nbsp;fox", "A fox <newline> ran .");

    assertThat(pair.prompt()).containsExactly(A, FOX);
    assertThat(pair.story()).containsExactly(A, FOX, VOCABULARY.id("<newline>"), RAN, STOP);
  }

  @Test
  void wordsAreThoseOfTheCleanedStoryAndItsEnd() {
    assertThat(reader.read("a", "A fox <newline> ran .").words()).isEqualTo(4);
    assertThat(reader.read("a", " ").words()).isEqualTo(1);
  }

  @Test
  void longTextsAreCutAndOnlyWhatIsLeftCounts() {
    ReferencePair pair = reader.read("a a a a a", "a fox ran . a fox ran .");

    assertThat(pair.prompt()).containsExactly(A, A, A);
    assertThat(pair.story()).containsExactly(A, FOX, RAN, STOP);
    assertThat(pair.words()).isEqualTo(4);
  }

  @Test
  void unknownTokensOfTheStoryAreListedEachTime() {
    ReferencePair pair = reader.read("zebra", "zebra ran zebra yak");

    assertThat(pair.unknown()).isEqualTo(List.of("zebra", "zebra", "yak"));
    assertThat(pair.story()).containsExactly(Vocabulary.OOV, RAN, Vocabulary.OOV, Vocabulary.OOV);
  }

  @Test
  void whoeverCopiesKnowsTheUnknownTokensOfThePrompt() {
    ReferencePair pair =
        new ReferencePair.Reader(TEXT, VOCABULARY, true).read("a zebra", "zebra ran zebra yak");

    int zebra = VOCABULARY.size() + 1;
    assertThat(pair.prompt()).containsExactly(A, zebra);
    assertThat(pair.story()).containsExactly(zebra, RAN, zebra, Vocabulary.OOV);
    assertThat(pair.unknown()).isEqualTo(List.of("zebra", "zebra", "yak"));
    assertThat(pair.copied()).isEqualTo(2);
  }

  @Test
  void missingTextsAreBlank() {
    ReferencePair pair = reader.read(null, null);

    assertThat(pair.prompt()).isEmpty();
    assertThat(pair.story()).isEmpty();
  }
}
