package storyloom.serve.http;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.UserException;
import storyloom.model.bundle.Provenance;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.ServedModels;

/** What is told of the model: {@code /model}, {@code /health/…}, {@code /admin/reload}. */
final class ModelRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(ModelRoutes.class);

  private final ServiceSettings settings;
  private final ServedModels shelf;
  private final ApiTokens callers;
  private final ServiceState state;

  ModelRoutes(ServiceSettings settings, ServedModels shelf, ApiTokens callers, ServiceState state) {
    this.settings = settings;
    this.shelf = shelf;
    this.callers = callers;
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
    ServedModel model = shelf.hold();
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
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("created_at", provenance.createdAt().toString());
    told.put("git_commit", provenance.gitCommit());
    told.put("parent", provenance.parent());
    told.put("seed", provenance.seed());
    told.put("workers", provenance.workers());
    told.put("corpus_sha256", provenance.corpusHash());
    told.put("vocabulary_sha256", provenance.vocabularyHash());
    told.put("versions", provenance.versions());
    told.put("metrics", finite(provenance.metrics()));
    Map<String, String> training = new TreeMap<>(provenance.settings());
    training.keySet().removeIf(key -> !key.matches("(text|model|train)\\..*"));
    told.put("settings", training);
    return told;
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
    if (!state.isOpen()) {
      throw new ProblemException(Problem.stopping());
    }
    live(request);
    json(request, Map.of("status", "ready", "model", of(ServedModel::version)));
  }

  /** {@code POST /admin/reload}: goes over to the registry's current model now. */
  void reload(Context request) {
    callers.requireAdmin(request.header("Authorization"));
    boolean changed;
    try {
      changed = shelf.refresh(true);
    } catch (UserException refused) {
      LOG.warn("the model was not changed: {}", refused.getMessage());
      throw new ProblemException(
          Problem.of("model-refused", 409, "The model was refused", refused.getMessage()));
    }
    json(request, Map.of("model", of(ServedModel::version), "changed", changed));
  }

  private static void json(Context request, Map<String, ?> answer) {
    request.contentType(Json.MEDIA_TYPE).result(Json.bytes(answer));
  }
}
