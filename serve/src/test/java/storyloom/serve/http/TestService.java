package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.serve.story.ServedModels;
import storyloom.serve.story.StoryWriter.Capacity;

/** The service on a port of its own, with a small model below a home of its own. */
public final class TestService implements AutoCloseable {

  static final JsonMapper JSON = JsonMapper.builder().build();
  static final String PROMPT = "The fox and the hen";

  private static final long PATIENCE_MINUTES = 3;
  private static final long PAUSE_MILLIS = 20;

  private final Settings settings;
  private final ServedModels models;
  private final StoryServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestService(String home, Configuration configuration, String... assignments) {
    List<String> all = new ArrayList<>(List.of("serve.port=0"));
    all.addAll(List.of(assignments));
    settings = Settings.load(Optional.empty(), all);
    models =
        new ServedModels(
            new Registry(home, configuration),
            Optional.empty(),
            configuration,
            Capacity.of(settings),
            DecodeSettings.of(settings));
    String tokens = settings.text("serve.tokens-file");
    server =
        StoryServer.start(
            ServiceSettings.of(settings),
            models,
            tokens.isEmpty()
                ? ApiTokens.anybody()
                : ApiTokens.read(Path.of(tokens), settings.integer("serve.requests-per-minute")));
  }

  /** Starts the service with a model of a dozen words, and settings such as serve.queue=1. */
  static TestService start(Path home, String... assignments) {
    return start(home, SmallBundle.ofDozenWords(), assignments);
  }

  /** Starts the service with a model. */
  public static TestService start(Path home, SmallBundle model, String... assignments) {
    promote(home, model);
    return new TestService(home.toString(), new Configuration(), assignments);
  }

  /** Starts the service with the current model of a home that is there already. */
  public static TestService at(Path home, String... assignments) {
    return new TestService(home.toString(), new Configuration(), assignments);
  }

  /** Starts the service with a model that it reads through {@link FaultyFiles}. */
  static TestService onFaultyFiles(Path home, SmallBundle model, String... assignments) {
    promote(home, model);
    return new TestService(FaultyFiles.uri(home), FaultyFiles.configuration(), assignments);
  }

  /** Makes a model the current one; gives its name. */
  static String promote(Path home, SmallBundle model) {
    String version = model.writeTo(home.resolve("models"));
    new Registry(home.toString(), new Configuration()).promote(version);
    return version;
  }

  /** Writes a file of tokens that nobody else may read. */
  public static Path tokensFile(Path folder, String... lines) throws IOException {
    Path file = Files.write(folder.resolve("tokens"), List.of(lines));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  Settings settings() {
    return settings;
  }

  ServedModels models() {
    return models;
  }

  StoryServer server() {
    return server;
  }

  /** Port that the service listens at. */
  public int port() {
    return server.port();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  /** A raw connection. */
  Socket connect() throws IOException {
    return new Socket("127.0.0.1", server.port());
  }

  /** The bytes of a request for a story. */
  static byte[] rawRequest(String body, String... headers) {
    StringBuilder request =
        new StringBuilder("POST /generate HTTP/1.1\r\nHost: localhost\r\n")
            .append("Content-Type: application/json\r\nContent-Length: ")
            .append(body.getBytes(UTF_8).length)
            .append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").append(body).toString().getBytes(UTF_8);
  }

  /**
   * Sends a request of any method, without content.
   *
   * @param headers names and values in turns
   */
  HttpResponse<String> send(String method, String path, String... headers) {
    HttpRequest.Builder request = request(path).method(method, BodyPublishers.noBody());
    return send(headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  HttpRequest generate(String body, String... headers) {
    HttpRequest.Builder request =
        request("/generate")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  /** The answer to a request for stories, which must be one. */
  public JsonNode story(Map<String, ?> request) {
    HttpResponse<String> answer = send(generate(json(request)));
    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
    return tree(answer.body());
  }

  /** Takes an answer for a problem of a status; gives it. */
  static JsonNode problem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = tree(answer.body());
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    for (String member : List.of("type", "title", "detail", "instance")) {
      assertThat(problem.get(member).textValue()).as(member).isNotBlank();
    }
    return problem;
  }

  static String json(Object value) {
    return new String(Json.bytes(value), UTF_8);
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }

  /** What a metric says; 0 before it says anything. */
  double metric(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Waits until something holds. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting in vain until " + what).isLessThan(end);
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting until " + what, e);
      }
    }
  }

  @Override
  public void close() {
    server.close();
    models.close();
  }
}
