package storyloom.model.decode.search;

import java.util.Locale;

/**
 * A story as ids.
 *
 * @param tokens without {@code <start>} and {@code <end>}
 * @param logProb mean natural log probability per token under the model as it is, {@code <end>}
 *     included where it was written
 * @param finishReason {@link FinishReason#END} or {@link FinishReason#LENGTH}
 */
public record DecodedStory(int[] tokens, double logProb, FinishReason finishReason) {

  /** Why a story ended. */
  public enum FinishReason {
    /** The model wrote {@code <end>}. */
    END,
    /** The story reached its greatest length. */
    LENGTH,
    /** There is none: the prompt was rejected. */
    REJECTED;

    /** As it stands in stories.parquet: lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
