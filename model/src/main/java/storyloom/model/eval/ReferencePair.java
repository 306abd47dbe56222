package storyloom.model.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A pair that a model is measured by, as ids without markers. The arrays are not copied: whoever
 * holds a pair must not change them.
 *
 * @param prompt cut to the longest prompt; may be empty, and can then not be scored
 * @param story cut as for training; may be empty
 * @param words of the story as far as it was kept, parted by white space, and one for its end
 * @param unknown the story's tokens that the vocabulary lacks, repeated ones too
 */
public record ReferencePair(int[] prompt, int[] story, int words, List<String> unknown)
    implements Serializable {

  /** By length of the story, then by content: pairs of one place are equal for the model. */
  public static final Comparator<ReferencePair> BY_LENGTH =
      Comparator.<ReferencePair>comparingInt(pair -> pair.story().length)
          .thenComparing(ReferencePair::story, Arrays::compare)
          .thenComparing(ReferencePair::prompt, Arrays::compare);

  public ReferencePair {
    unknown = List.copyOf(unknown);
  }
}
