package storyloom.model.decode.search;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import storyloom.model.UserException;
import storyloom.model.text.token.Vocabulary;

/**
 * What is asked of every story, however it is written. {@code <pad>}, {@code <OOV>} and {@code
 * <start>} are never written. Where all tokens are forbidden, the story ends.
 *
 * @param minTokens {@code <end>} is not written before
 * @param maxTokens longest story, {@code <end>} not counted
 * @param noRepeatNgram no sequence of this many tokens stands in a story twice; 0 for no such rule
 * @param repetitionPenalty by this is multiplied the log probability of each token that the story
 *     holds already: 1 changes nothing, more makes repetition rarer (after Keskar et al. 2019,
 *     CTRL, but on log probabilities, which do not depend on where a model has the zero of its
 *     logits)
 * @param bannedWords are never written; {@link BannedWords} says what that means
 */
public record TokenConstraints(
    int minTokens,
    int maxTokens,
    int noRepeatNgram,
    double repetitionPenalty,
    List<String> bannedWords)
    implements Serializable {

  /**
   * @throws UserException of usage if the shortest story is longer than the longest
   */
  public TokenConstraints {
    bannedWords = List.copyOf(bannedWords);
    if (minTokens > maxTokens) {
      throw UserException.usage(
          "decode.min-tokens must be at most decode.max-tokens, %d, not %d"
              .formatted(maxTokens, minTokens));
    }
  }

  /**
   * Changes what a row may write next.
   *
   * @param written the row's tokens so far
   * @param banned what {@link #bannedWords} are to the model
   */
  public void apply(int[] written, BannedWords banned, NextTokenLogits next) {
    forbidWords(written, banned, next);
    if (noRepeatNgram > 0) {
      forbidRepeats(written, next);
      if (next.allForbidden() && !banned.mayEnd(written)) {
        // a word is open that must not end here, and a repeated piece is the lesser evil
        next.restore();
        forbidWords(written, banned, next);
      }
    }
  }

  private void forbidWords(int[] written, BannedWords banned, NextTokenLogits next) {
    if (repetitionPenalty != 1) {
      for (int id : written) {
        next.weigh(id, repetitionPenalty);
      }
    }
    next.forbid(Vocabulary.PAD);
    next.forbid(Vocabulary.OOV);
    next.forbid(Vocabulary.START);
    if (written.length < minTokens) {
      next.forbid(Vocabulary.END);
    }
    banned.forbid(written, maxTokens, next);
  }

  /** Forbids what came after each earlier place where the last n − 1 tokens stood. */
  private void forbidRepeats(int[] written, NextTokenLogits next) {
    int known = noRepeatNgram - 1;
    if (written.length < known) {
      return;
    }
    int[] last = Arrays.copyOfRange(written, written.length - known, written.length);
    for (int end = known; end < written.length; end++) {
      if (endsWith(written, end, last, known)) {
        next.forbid(written[end]);
      }
    }
  }

  /** Whether the tokens before {@code end} end with the first {@code length} of a sequence. */
  private static boolean endsWith(int[] tokens, int end, int[] sequence, int length) {
    return end >= length && Arrays.equals(tokens, end - length, end, sequence, 0, length);
  }
}
