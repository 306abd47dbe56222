package storyloom.serve.http;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.bundle.Provenance;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.ServedModels;

/** What concerns the model: {@code /model}, {@code /health/…}, {@code /admin/reload}. */
final class ModelRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(ModelRoutes.class);

  private final ServiceSettings settings;
  private final ServedModels models;
  private final ApiTokens tokens;
  private final ServiceState state;

  ModelRoutes(ServiceSettings settings, ServedModels models, ApiTokens tokens, ServiceState state) {
    this.settings = settings;
    this.models = models;
    this.tokens = tokens;
    this.state = state;
  }

  /** {@code GET /model}: where the model comes from, and what may be asked for. */
  void model(Context request) {
    json(
        request,
        of(
            model -> {
              Map<String, Object> answer = new LinkedHashMap<>();
              answer.put("model", model.version());
              answer.put("shape", new TreeMap<>(model.shape()));
              answer.put("limits", limits(model));
              answer.put("defaults", StoryRequestReader.usual(settings));
              answer.put("provenance", provenance(model.provenance()));
              return answer;
            }));
  }

  private <T> T of(Function<ServedModel, T> question) {
    ServedModel model = models.acquire();
    try {
      return question.apply(model);
    } finally {
      model.release();
    }
  }

  private Map<String, Object> limits(ServedModel model) {
    Map<String, Object> limits = new LinkedHashMap<>();
    limits.put("prompt_tokens", model.longestPrompt());
    limits.put("max_tokens", settings.maxTokens());
    limits.put("n", settings.maxStories());
    limits.put("beam", settings.maxBeam());
    limits.put("body_bytes", settings.maxBody());
    limits.put("seconds", settings.request().toMillis() / 1e3);
    limits.put("attention", model.hasAttention());
    return limits;
  }

  /**
   * Without paths and commands of the machine that trained the model: they are nobody's business.
   */
  private static Map<String, Object> provenance(Provenance provenance) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("created_at", provenance.createdAt().toString());
    shown.put("git_commit", provenance.gitCommit());
    shown.put("parent", provenance.parent());
    shown.put("seed", provenance.seed());
    shown.put("workers", provenance.workers());
    shown.put("corpus_sha256", provenance.corpusHash());
    shown.put("vocabulary_sha256", provenance.vocabularyHash());
    shown.put("versions", provenance.versions());
    shown.put("metrics", finite(provenance.metrics()));
    Map<String, String> training = new TreeMap<>(provenance.settings());
    training.keySet().removeIf(key -> !key.matches("(text|model|train)\\..*"));
    shown.put("settings", training);
    return shown;
  }

  private static Map<String, Double> finite(Map<String, Double> metrics) {
    Map<String, Double> finite = new TreeMap<>(metrics);
    finite.values().removeIf(value -> !Double.isFinite(value)); // JSON has no such numbers
    return finite;
  }

  /** {@code GET /health/live}: whether the process is of any use. */
  void live(Context request) {
    if (!of(model -> model.writer().isAlive())) {
      throw new ProblemException(
          Problem.of(
              "dead", 503, "The service writes no more", "its log says why: start it again"));
    }
    json(request, Map.of("status", "live"));
  }

  /** {@code GET /health/ready}: whether requests should come here. */
  void ready(Context request) {
    if (!state.isReady()) {
      throw new ProblemException(Problem.stopping());
    }
    live(request);
    json(request, Map.of("status", "ready", "model", of(ServedModel::version)));
  }

  /** {@code POST /admin/reload}: switches to the registry's current model now. */
  void reload(Context request) {
    tokens.requireAdmin(request.header("Authorization"));
    boolean changed;
    try {
      changed = models.refresh(true);
    } catch (UserException refused) {
      LOG.warn("the model was not changed: {}", OneLine.of(refused.getMessage()));
      throw new ProblemException(
          Problem.of("model-refused", 409, "The model was refused", refused.getMessage()));
    }
    json(request, Map.of("model", of(ServedModel::version), "changed", changed));
  }

  private static void json(Context request, Map<String, ?> answer) {
    request.contentType(Json.MEDIA_TYPE).result(Json.bytes(answer));
  }
}
