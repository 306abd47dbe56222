package storyloom.serve.story;

import storyloom.model.decode.DecodeSettings;

/**
 * What somebody asks for.
 *
 * @param prompt raw text
 * @param decoding how the stories are written
 * @param stories how many, at least 1
 * @param attention whether what the model looked at is wanted as well
 */
public record StoryRequest(String prompt, DecodeSettings decoding, int stories, boolean attention) {

  /**
   * What tells the random numbers of several stories for one prompt apart; the first has those that
   * it would have alone.
   */
  String key(int story) {
    return story == 0 ? "" : Integer.toString(story);
  }
}
