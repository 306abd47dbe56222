package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A job in cluster mode of Kubernetes, as far as its driver's pod: this JVM takes what the cluster
 * is asked to make, and runs none of it.
 */
final class KubernetesSubmitIT {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  /** By kind. */
  private final Map<String, JsonNode> made = new ConcurrentHashMap<>();

  private HttpServer kubernetes;

  @BeforeEach
  void startKubernetes() throws IOException {
    kubernetes = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    kubernetes.createContext("/", this::make);
    kubernetes.start();
  }

  @AfterEach
  void stopKubernetes() {
    kubernetes.stop(0);
  }

  /** Takes an object, and gives it back with what Kubernetes adds to each. */
  private void make(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (body.isEmpty()) { // a look at what is there
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      ObjectNode object = (ObjectNode) JSON.readTree(body);
      made.put(object.get("kind").asText(), object.deepCopy());
      object.withObject("/metadata").put("uid", "1").put("resourceVersion", "1");
      byte[] answer = JSON.writeValueAsBytes(object);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(201, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Test
  void theDriversPodRunsTheJobOfTheImage() throws Exception {
    List<String> line =
        List.of(
            "--master",
            "k8s://http://127.0.0.1:" + kubernetes.getAddress().getPort(),
            "--deploy-mode",
            "cluster",
            "--driver-memory",
            "2g",
            "--executor-memory",
            "4g",
            "--conf",
            "spark.kubernetes.namespace=stories",
            "--conf",
            "spark.kubernetes.container.image=registry.example/storyloom-jobs",
            "--conf",
            "spark.kubernetes.submission.waitAppCompletion=false",
            "--class",
            TrainJob.class.getName(),
            "local:///opt/storyloom/train.jar",
            "--config",
            "s3a://stories/nightly.conf");
    try (BinCommand command = BinCommand.start(folder, "spark-submit", line)) {
      BinCommand.Ended ended = command.ended();

      assertThat(ended.status()).as(ended.err()).isZero();
    }

    JsonNode driver = made.get("Pod").at("/spec/containers/0");
    assertThat(driver.get("image").asText()).isEqualTo("registry.example/storyloom-jobs");
    assertThat(driver.get("args").toString())
        .contains(
            "\"local:///opt/storyloom/train.jar\",\"--config\",\"s3a://stories/nightly.conf\"");
    assertThat(driver.at("/resources/limits/memory").asText()).isEqualTo("2432Mi");
    assertThat(made.get("ConfigMap").at("/data/spark.properties").asText().lines())
        .contains("spark.executor.memory=4g")
        .as("Spark's own factor, not the user's: ContainerMemory takes it for that")
        .contains(
            "spark.kubernetes.memoryOverheadFactor=0.1", "spark.kubernetes.submitInDriver=true");
  }

  @ParameterizedTest
  @CsvSource({"yarn, YARN", "k8s://https://kubernetes.example, Kubernetes"})
  void aSparkThatKnowsNothingOfTheClusterIsNamedInALine(String master, String name)
      throws Exception {
    Path spark = folder.resolve("spark");
    Files.createDirectories(spark.resolve("jars"));
    Files.createFile(spark.resolve("jars/spark-core_2.12-3.5.9.jar"));
    Files.createDirectories(spark.resolve("bin"));
    Files.createFile(spark.resolve("bin/spark-submit"));
    List<String> line = List.of("--master", master, "jobs/train.jar");
    Map<String, String> own = Map.of("SPARK_HOME", spark.toString());
    try (BinCommand command = BinCommand.start(folder, "spark-submit", line, own)) {
      BinCommand.Ended ended = command.ended();

      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err().lines())
          .singleElement(STRING)
          .startsWith("The Spark in %s has no %s".formatted(spark, name))
          .contains("set SPARK_HOME to one that has");
    }
  }

  @Test
  void aYarnWhoseSettingsNobodyNamesIsToldInALine() throws Exception {
    List<String> line = List.of("--master", "yarn", "jobs/train.jar");
    Map<String, String> none = Map.of("HADOOP_CONF_DIR", "", "YARN_CONF_DIR", "");
    try (BinCommand command = BinCommand.start(folder, "spark-submit", line, none)) {
      BinCommand.Ended ended = command.ended();

      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err().lines().toList())
          .noneMatch(said -> said.startsWith("\tat "))
          .last(STRING)
          .contains("set HADOOP_CONF_DIR");
    }
  }
}
