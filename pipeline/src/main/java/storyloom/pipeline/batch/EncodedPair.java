package storyloom.pipeline.batch;

import java.io.Serializable;

/**
 * A prompt and its story as token ids, cut to their greatest lengths, without {@code <start>} and
 * {@code <end>}. The arrays are not copied: whoever holds a pair must not change them.
 *
 * @param prompt at least one id
 * @param story at least one id
 * @param promptCut how many tokens of the prompt were cut off
 * @param storyCut how many tokens of the story were cut off
 */
public record EncodedPair(int[] prompt, int[] story, int promptCut, int storyCut)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if a side is empty
   */
  public EncodedPair {
    if (prompt.length == 0 || story.length == 0) {
      throw new IllegalArgumentException("a pair needs a prompt and a story of at least one token");
    }
  }

  /** A pair of which nothing was cut off. */
  public EncodedPair(int[] prompt, int[] story) {
    this(prompt, story, 0, 0);
  }
}
