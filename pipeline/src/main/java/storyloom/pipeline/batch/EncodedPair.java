package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import storyloom.model.text.token.Vocabulary;

/**
 * A prompt and its story as token ids, cut to their greatest lengths, without {@code <start>} and
 * {@code <end>}. Where the model copies, ids behind the vocabulary are words of the prompt, as
 * {@link storyloom.model.text.PairVocabulary} has them. The arrays are not copied: whoever holds a
 * pair must not change them.
 *
 * @param prompt at least one id
 * @param story at least one id
 * @param promptCut how many tokens of the prompt were cut off
 * @param storyCut how many tokens of the story were cut off
 * @param unknown ids of both that are of no token of the vocabulary
 */
public record EncodedPair(int[] prompt, int[] story, int promptCut, int storyCut, int unknown)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if a side is empty
   */
  public EncodedPair {
    if (prompt.length == 0 || story.length == 0) {
      throw new IllegalArgumentException("a pair needs a prompt and a story of at least one token");
    }
  }

  /** A pair without words that may only be copied. */
  public EncodedPair(int[] prompt, int[] story, int promptCut, int storyCut) {
    this(prompt, story, promptCut, storyCut, unknown(prompt, story));
  }

  /** A pair of which nothing was cut off. */
  public EncodedPair(int[] prompt, int[] story) {
    this(prompt, story, 0, 0);
  }

  private static int unknown(int[] prompt, int[] story) {
    return (int)
        IntStream.concat(Arrays.stream(prompt), Arrays.stream(story))
            .filter(id -> id == Vocabulary.OOV)
            .count();
  }
}
