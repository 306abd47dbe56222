package storyloom.model.decode.search;

/**
 * A story as ids.
 *
 * @param tokens without {@code <start>} and {@code <end>}
 * @param logProb mean natural log probability per token under the model as it is, {@code <end>}
 *     included where it was written
 * @param finishReason {@link FinishReason#END} or {@link FinishReason#LENGTH}
 */
public record DecodedStory(int[] tokens, double logProb, FinishReason finishReason) {}
