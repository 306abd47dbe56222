package storyloom.model.decode;

import java.io.Serializable;
import java.util.List;

/**
 * What a decoder looked at while it wrote a story. The weights are not copied: whoever holds a map
 * must not change them.
 *
 * @param prompt its tokens, S of them
 * @param story its tokens, T of them; {@code <end>} is one where it was written
 * @param weights [T,S]: how much each token of the story was drawn from each of the prompt, a row 1
 *     in all
 */
public record AttentionMap(List<String> prompt, List<String> story, float[][] weights)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if there is not a weight for each pair of tokens
   */
  public AttentionMap {
    prompt = List.copyOf(prompt);
    story = List.copyOf(story);
    if (weights.length != story.size()) {
      throw new IllegalArgumentException(
          "%d rows of weights cannot belong to %d tokens of a story"
              .formatted(weights.length, story.size()));
    }
    for (float[] row : weights) {
      if (row.length != prompt.size()) {
        throw new IllegalArgumentException(
            "%d weights cannot belong to %d tokens of a prompt"
                .formatted(row.length, prompt.size()));
      }
    }
  }
}
