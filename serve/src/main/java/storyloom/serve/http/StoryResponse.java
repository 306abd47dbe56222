package storyloom.serve.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.decode.GeneratedStory;
import storyloom.model.decode.PromptReader;
import storyloom.model.decode.search.DecodedStory;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.StoryRequest;

/** The JSON of a response: all at once, or what comes before the first word. */
final class StoryResponse {

  private final ServedModel model;
  private final StoryRequest request;
  private final PromptReader.Reading prompt;

  StoryResponse(ServedModel model, StoryRequest request, PromptReader.Reading prompt) {
    this.model = model;
    this.request = request;
    this.prompt = prompt;
  }

  /** What is known before the first word. */
  Map<String, Object> beforeFirstWord() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model.version());
    json.put("seed", request.decoding().seed());
    json.put("prompt", prompt.tokens());
    json.put("words", PromptWords.json(model.promptReader().codec(), prompt));
    return json;
  }

  /**
   * All of it.
   *
   * @param decoded at least one story
   * @param words of the first one, with their attention weights; left out unless those are wanted
   */
  Map<String, Object> complete(List<DecodedStory> decoded, List<Map<String, Object>> words) {
    List<Map<String, Object>> stories =
        decoded.stream()
            .map(story -> story(model.promptReader().generated(prompt, story)))
            .toList();
    Map<String, Object> first = stories.get(0);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("story", first.get("story"));
    json.put("model", model.version());
    json.put("tokens", first.get("tokens"));
    json.put("finish_reason", first.get("finish_reason"));
    json.put("log_prob", first.get("log_prob"));
    json.put("seed", request.decoding().seed());
    if (request.stories() > 1) {
      json.put("stories", stories);
    }
    if (request.attention()) {
      Map<String, Object> attention = new LinkedHashMap<>();
      attention.put("prompt", prompt.tokens());
      attention.put("words", words);
      json.put("attention", attention);
    }
    return json;
  }

  private static Map<String, Object> story(GeneratedStory generated) {
    Map<String, Object> story = new LinkedHashMap<>();
    story.put("story", generated.story());
    story.put("tokens", generated.tokens());
    story.put("finish_reason", generated.finishReason().label());
    story.put("log_prob", generated.logProb());
    return story;
  }
}
