package storyloom.model.decode;

import storyloom.model.decode.search.DecodedStory.FinishReason;

/**
 * What became of a prompt: a story, or a reason why there is none.
 *
 * @param story with real line breaks; null if rejected
 * @param tokens its length, {@code <end>} not counted; 0 if rejected
 * @param logProb mean natural log probability per token; NaN if rejected
 * @param finishReason why it ended
 * @param error what is wrong with the prompt; null unless rejected
 */
public record GeneratedStory(
    String story, int tokens, double logProb, FinishReason finishReason, String error) {

  static GeneratedStory rejected(String error) {
    return new GeneratedStory(null, 0, Double.NaN, FinishReason.REJECTED, error);
  }
}
