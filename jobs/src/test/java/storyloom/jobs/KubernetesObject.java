package storyloom.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * An object of a YAML file, and what is wrong with it: by the models that are generated of
 * Kubernetes' own API, which know each field, its type and whether it is needed; by a schema of
 * ours for the Spark operator's kind.
 *
 * @param json the object
 */
record KubernetesObject(JsonNode json) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1 ServiceAccount", V1ServiceAccount.class,
          "v1 ConfigMap", V1ConfigMap.class,
          "v1 Service", V1Service.class,
          "apps/v1 Deployment", V1Deployment.class,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
          "rbac.authorization.k8s.io/v1 Role", V1Role.class,
          "rbac.authorization.k8s.io/v1 RoleBinding", V1RoleBinding.class);

  private static final String NIGHTS = "ScheduledSparkApplication";
  private static final String NIGHTS_SCHEMA =
      "/storyloom/kubernetes/scheduled-spark-application.json";

  /** What the operator passes on to the containers of a driver and of executors as it is. */
  private static final List<String> OF_CONTAINERS = List.of("env", "envFrom", "securityContext");

  /** All objects of a file. */
  static List<KubernetesObject> allOf(String yaml) {
    List<KubernetesObject> objects = new ArrayList<>();
    for (Object each : new Yaml().loadAll(yaml)) {
      objects.add(new KubernetesObject(MAPPER.valueToTree(each)));
    }
    return objects;
  }

  /** The only object of a kind. */
  static JsonNode one(List<KubernetesObject> objects, String kind) {
    List<JsonNode> found =
        objects.stream()
            .map(KubernetesObject::json)
            .filter(json -> json.get("kind").asText().equals(kind))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("%d objects of kind %s".formatted(found.size(), kind));
    }
    return found.get(0);
  }

  /** What Kubernetes or the operator would refuse, or would not see. */
  List<String> faults() {
    String kind = json.get("kind").asText();
    if (kind.equals(NIGHTS)) {
      JsonNode template = json.at("/spec/template");
      return Stream.of(
              faultsBySchema(json),
              faultsOfContainer(template.path("driver")),
              faultsOfContainer(template.path("executor")))
          .flatMap(List::stream)
          .toList();
    }
    Class<?> model = KINDS.get(json.get("apiVersion").asText() + " " + kind);
    return model == null ? List.of("no such kind: " + kind) : faults(model, json);
  }

  private static List<String> faultsOfContainer(JsonNode pod) {
    var container = MAPPER.createObjectNode().put("name", "spark");
    OF_CONTAINERS.stream().filter(pod::has).forEach(field -> container.set(field, pod.get(field)));
    return faults(V1Container.class, container);
  }

  private static List<String> faults(Class<?> model, JsonNode json) {
    try {
      Object read = JSON.getGson().fromJson(json.toString(), model);
      return read == null ? List.of("nothing") : List.of();
    } catch (RuntimeException wrong) { // Gson's own, and what the models throw
      return List.of(wrong.getMessage());
    }
  }

  private static List<String> faultsBySchema(JsonNode json) {
    try (InputStream schema = KubernetesObject.class.getResourceAsStream(NIGHTS_SCHEMA)) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(schema)
          .validate(json)
          .stream()
          .map(ValidationMessage::getMessage)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
