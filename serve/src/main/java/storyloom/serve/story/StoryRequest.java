package storyloom.serve.story;

import storyloom.model.decode.DecodeSettings;

/**
 * What a client asks for.
 *
 * @param prompt raw text
 * @param decoding the decoding options
 * @param stories how many, at least 1
 * @param attention whether the attention weights are wanted as well
 */
public record StoryRequest(String prompt, DecodeSettings decoding, int stories, boolean attention) {

  /**
   * What tells the random numbers of several stories for one prompt apart; the first story has
   * those that it would have alone.
   */
  String key(int story) {
    return story == 0 ? "" : Integer.toString(story);
  }
}
