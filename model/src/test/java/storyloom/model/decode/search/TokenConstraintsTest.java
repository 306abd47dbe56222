package storyloom.model.decode.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;
import storyloom.model.decode.Decoding;
import storyloom.model.decode.Rows;

class TokenConstraintsTest {

  /** With eight equal logits each log probability is −ln 8 = −2.0794415. */
  private static NextTokenLogits after(TokenConstraints constraints, int... written) {
    NextTokenLogits row = Rows.of(5, 5, 5, 5, 5, 5, 5, 5);
    constraints.apply(written, BannedWords.NONE, row);
    return row;
  }

  private static int[] allowed(NextTokenLogits row) {
    return IntStream.range(0, 8).filter(id -> Double.isFinite(row.score(id))).toArray();
  }

  private static TokenConstraints none() {
    return new TokenConstraints(0, 10, 0, 1, List.of());
  }

  @Test
  void specialTokensAreNeverAllowed() {
    assertThat(allowed(after(none()))).containsExactly(3, 4, 5, 6, 7);
  }

  @Test
  void endWaitsForTheShortestStory() {
    TokenConstraints two = new TokenConstraints(2, 10, 0, 1, List.of());

    assertThat(allowed(after(two, 4))).containsExactly(4, 5, 6, 7);
    assertThat(allowed(after(two, 4, 4))).containsExactly(3, 4, 5, 6, 7);
  }

  @Test
  void penaltyMultipliesTheLogProbabilityOfWhatWasWritten() {
    TokenConstraints penalty = new TokenConstraints(0, 10, 0, 1.5, List.of());

    NextTokenLogits row = after(penalty, 4, 6, 4);

    assertThat(row.score(4)).isCloseTo(-3.1191623, within(1e-6));
    assertThat(row.score(5)).isCloseTo(-2.0794415, within(1e-6));
    assertThat(row.score(6)).isCloseTo(-3.1191623, within(1e-6));
    assertThat(row.logProb(4)).isCloseTo(-2.0794415, within(1e-6));
  }

  @Test
  void whatWouldRepeatASequenceIsForbidden() {
    assertThat(allowed(after(repeats(1), 4, 6))).containsExactly(3, 5, 7);
    assertThat(allowed(after(repeats(2), 4, 6, 4, 7, 4))).containsExactly(3, 4, 5);
    assertThat(allowed(after(repeats(3), 4, 6, 5, 4, 6))).containsExactly(3, 4, 6, 7);
    assertThat(allowed(after(repeats(3), 6))).containsExactly(3, 4, 5, 6, 7);
  }

  private static TokenConstraints repeats(int length) {
    return new TokenConstraints(0, 10, length, 1, List.of());
  }

  @Test
  void shortestMustNotBeLongerThanLongest() {
    assertThatThrownBy(() -> Decoding.by("min-tokens=9", "max-tokens=8"))
        .isInstanceOf(UserException.class)
        .hasMessage("decode.min-tokens must be at most decode.max-tokens, 8, not 9");
  }
}
