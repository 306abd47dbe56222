package storyloom.serve.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.decode.GeneratedStory;
import storyloom.model.decode.PromptReader;
import storyloom.model.decode.search.DecodedStory;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.StoryRequest;

/** What a client is answered, as JSON. */
final class StoryResponse {

  private final ServedModel model;
  private final StoryRequest wish;

  StoryResponse(ServedModel model, StoryRequest wish) {
    this.model = model;
    this.wish = wish;
  }

  /** What is known before the first word. */
  Map<String, Object> beginning() {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("model", model.version());
    reply.put("seed", wish.decoding().seed());
    reply.put("prompt", promptWords());
    return reply;
  }

  /**
   * The answer.
   *
   * @param decoded at least one story
   * @param words of the first one, with what the model looked at; told only if that is wanted
   */
  Map<String, Object> whole(List<DecodedStory> decoded, List<Map<String, Object>> words) {
    PromptReader desk = model.desk();
    List<Map<String, Object>> stories =
        decoded.stream().map(desk::generated).map(StoryResponse::story).toList();
    Map<String, Object> first = stories.get(0);
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("story", first.get("story"));
    reply.put("model", model.version());
    reply.put("tokens", first.get("tokens"));
    reply.put("finish_reason", first.get("finish_reason"));
    reply.put("log_prob", first.get("log_prob"));
    reply.put("seed", wish.decoding().seed());
    if (wish.stories() > 1) {
      reply.put("stories", stories);
    }
    if (wish.attention()) {
      Map<String, Object> attention = new LinkedHashMap<>();
      attention.put("prompt", promptWords());
      attention.put("words", words);
      reply.put("attention", attention);
    }
    return reply;
  }

  private List<String> promptWords() {
    return model.desk().codec().promptTokens(wish.prompt());
  }

  private static Map<String, Object> story(GeneratedStory told) {
    Map<String, Object> story = new LinkedHashMap<>();
    story.put("story", told.story());
    story.put("tokens", told.tokens());
    story.put("finish_reason", told.finishReason().label());
    story.put("log_prob", told.logProb());
    return story;
  }
}
