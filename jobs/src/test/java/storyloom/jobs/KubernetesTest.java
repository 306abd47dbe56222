package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.settings.Settings;

/**
 * What conf/ has for Kubernetes is what Kubernetes and the Spark operator take, and fits together.
 */
final class KubernetesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String NIGHTS = "conf/schedule/kubernetes.yaml";
  private static final String SERVICE = "conf/serve-kubernetes.yaml";

  private static final Pattern VERSION = Pattern.compile("(?m)^  <version>(.+)</version>$");
  private static final Pattern SECRET = Pattern.compile("create secret generic (\\S+)");

  @TempDir Path folder;

  private static String text(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static List<String> faults(String yaml) {
    return KubernetesObject.allOf(yaml).stream().flatMap(each -> each.faults().stream()).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {NIGHTS, SERVICE})
  void everyObjectIsTaken(String file) throws IOException {
    assertThat(KubernetesObject.allOf(text(file))).hasSizeGreaterThan(3);
    assertThat(faults(text(file))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conf/serve-kubernetes.yaml | containerPort: | containerport:",
        "conf/serve-kubernetes.yaml | httpGet: &live | get: &live",
        "conf/serve-kubernetes.yaml | maxReplicas: 6 | maxReplicas: six",
        "conf/serve-kubernetes.yaml | maxReplicas: 6 | mostReplicas: 6",
        "conf/serve-kubernetes.yaml | apiVersion: autoscaling/v2 | apiVersion: autoscaling/v2beta2",
        "conf/serve-kubernetes.yaml | policyTypes: [Ingress, Egress] | policyTypes: Ingress",
        "conf/schedule/kubernetes.yaml | timeZone: Etc/UTC | timezone: Etc/UTC",
        "conf/schedule/kubernetes.yaml | instances: 4 | instances: '4'",
        "conf/schedule/kubernetes.yaml | sparkVersion: 3.5.9 | spark: 3.5.9",
        "conf/schedule/kubernetes.yaml | runAsNonRoot: true | runAsNobody: true",
        "conf/schedule/kubernetes.yaml | kind: ServiceAccount | kind: Account",
      })
  void aMistakeInOneIsFound(String file, String right, String wrong) throws IOException {
    String text = text(file);
    assertThat(text).contains(right);

    assertThat(faults(text.replace(right, wrong))).isNotEmpty();
  }

  private Settings settings(JsonNode configMap, String name) throws IOException {
    String text = configMap.at("/data").get(name).asText();
    Path file = Files.writeString(folder.resolve(name), text);
    return Settings.load(Optional.of(file.toString()), List.of());
  }

  private static String version() throws IOException {
    Matcher matcher = VERSION.matcher(text("pom.xml"));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Test
  void theNightsTrainWithAGateAndWithTheMemoryThatTheModelNeeds() throws IOException {
    List<KubernetesObject> objects = KubernetesObject.allOf(text(NIGHTS));
    JsonNode night =
        KubernetesObject.one(objects, "ScheduledSparkApplication").at("/spec/template");
    JsonNode map = KubernetesObject.one(objects, "ConfigMap");

    assertThat(settings(map, "nightly.conf").flag("gate.enabled")).isTrue();
    assertThat(night.at("/mainClass").asText()).isEqualTo(TrainJob.class.getName());
    assertThat(stream(night.get("arguments")).map(JsonNode::asText))
        .containsExactly("--config", "/etc/storyloom/nightly.conf", "--refused-is-done");
    JsonNode mounted = night.at("/driver/configMaps/0");
    assertThat(mounted.get("name")).isEqualTo(map.at("/metadata/name"));
    assertThat(mounted.get("path").asText()).isEqualTo("/etc/storyloom");
    assertThat(night.get("executor").has("memoryOverhead")).as("train.jar's to choose").isFalse();
    assertThat(night.get("driver").get("serviceAccount"))
        .isEqualTo(KubernetesObject.one(objects, "ServiceAccount").at("/metadata/name"));
    assertThat(night.get("image").asText()).endsWith("/storyloom-jobs:" + version());
    assertThat(text("pom.xml"))
        .contains("<spark.version>" + night.get("sparkVersion").asText() + "</spark.version>");
  }

  @Test
  void theServiceIsFoundAskedAndEndedAsItsSettingsSay() throws IOException {
    List<KubernetesObject> objects = KubernetesObject.allOf(text(SERVICE));
    JsonNode deployment = KubernetesObject.one(objects, "Deployment");
    JsonNode pod = deployment.at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    Settings settings = settings(KubernetesObject.one(objects, "ConfigMap"), "serve.conf");

    assertThat(settings.text("serve.host")).isEqualTo("0.0.0.0");
    assertThat(container.at("/ports/0/containerPort").asLong())
        .isEqualTo(settings.integer("serve.port"));
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
    double unready = settings.number("serve.unready-seconds");
    assertThat(
            container.at("/readinessProbe/periodSeconds").asDouble()
                * container.at("/readinessProbe/failureThreshold").asDouble())
        .isLessThan(unready);
    assertThat(pod.get("terminationGracePeriodSeconds").asDouble())
        .isGreaterThan(unready + settings.number("serve.drain-seconds"));
    JsonNode labels = deployment.at("/spec/template/metadata/labels");
    assertThat(
            List.of(
                deployment.at("/spec/selector/matchLabels"),
                KubernetesObject.one(objects, "Service").at("/spec/selector"),
                KubernetesObject.one(objects, "NetworkPolicy").at("/spec/podSelector/matchLabels"),
                KubernetesObject.one(objects, "PodDisruptionBudget")
                    .at("/spec/selector/matchLabels")))
        .containsOnly(labels);
    assertThat(
            KubernetesObject.one(objects, "HorizontalPodAutoscaler")
                .at("/spec/scaleTargetRef/name"))
        .isEqualTo(deployment.at("/metadata/name"));
    assertThat(container.get("image").asText()).endsWith("/storyloom-serve:" + version());
  }

  @ParameterizedTest
  @ValueSource(strings = {NIGHTS, SERVICE})
  void secretsAreMadeByTheCommandsInTheFilesHead(String file) throws IOException {
    Set<String> used =
        KubernetesObject.allOf(text(file)).stream()
            .map(KubernetesObject::json)
            .flatMap(
                json ->
                    Stream.concat(
                        json.findValues("secretRef").stream().map(each -> each.get("name")),
                        json.findValues("secretName").stream()))
            .map(JsonNode::asText)
            .collect(Collectors.toSet());

    assertThat(SECRET.matcher(text(file)).results().map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(used);
  }
}
