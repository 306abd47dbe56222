package storyloom.serve.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.LinkedHashMap;
import java.util.Map;
import storyloom.model.decode.PromptReader;
import storyloom.serve.http.Json.Fields;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.ServedModels;

/**
 * {@code POST /prompt}: how the model reads a prompt, with no story. Whoever writes one learns
 * whether it is too long, and which of its words the model does not know.
 */
final class PromptRoute implements Handler {

  private final ServedModels models;
  private final JsonBody body;

  PromptRoute(ServiceSettings settings, ServedModels models) {
    this.models = models;
    this.body = new JsonBody(settings.maxBody());
  }

  @Override
  public void handle(Context request) {
    Fields fields = Json.fields(body.receive(request));
    String prompt = fields.text("prompt");
    fields.refuseOthers();
    if (prompt == null) {
      throw new ProblemException(Problem.invalid("prompt must be there: it is what is to be read"));
    }
    ServedModel model = models.acquire();
    try {
      request.contentType(Json.MEDIA_TYPE).result(Json.bytes(read(model, prompt)));
    } finally {
      model.release();
    }
  }

  private static Map<String, Object> read(ServedModel model, String prompt) {
    PromptReader.Reading reading = model.promptReader().read(prompt);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("model", model.version());
    answer.put("tokens", reading.tokens().size());
    answer.put("limit", model.longestPrompt());
    answer.put("words", PromptWords.json(model.promptReader().codec(), reading));
    return answer;
  }
}
