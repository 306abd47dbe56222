package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that speaks as much of MLflow's REST API 2.0 as keeping book of runs takes, over HTTP,
 * and keeps what it is told. It refuses what MLflow refuses: a parameter said twice with different
 * values, too much at a time, what belongs to no run.
 */
public final class TrackingServer implements AutoCloseable {

  private static final String API = "/api/2.0/mlflow/";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int BROKEN = 500;
  private static final int MOST_METRICS = 1000;
  private static final int MOST_WORDS = 100;

  /** What is known of a run; a metric's values are in the order in which they came. */
  public static final class Run {
    final String id;
    public final Map<String, String> params = new TreeMap<>();
    public final Map<String, String> tags = new TreeMap<>();
    public final Map<String, List<Point>> metrics = new TreeMap<>();
    public String name;
    public String status = "RUNNING";

    private Run(String id) {
      this.id = id;
    }
  }

  /** A metric's value and its place on the axis. */
  public record Point(long step, double value) {}

  private record Answer(int status, Object body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger broken = new AtomicInteger();
  private final List<String> experiments = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private volatile boolean silent;

  public TrackingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers the next so many requests with status 500. */
  public void breakDownFor(int count) {
    broken.set(count);
  }

  /** Answers no request any more until it is closed. */
  public void fallSilent() {
    silent = true;
  }

  /** Method and path of each request. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  public synchronized List<String> experiments() {
    return List.copyOf(experiments);
  }

  /** The runs that it knows, in the order in which they were made. */
  public synchronized List<Run> runs() {
    return List.copyOf(runs);
  }

  /** The only run. */
  public synchronized Run run() {
    if (runs.size() != 1) {
      throw new AssertionError("one run expected, not " + runs.size());
    }
    return runs.get(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream in = exchange.getRequestBody()) {
      String body = new String(in.readAllBytes(), UTF_8);
      if (silent) {
        closed.await();
        return;
      }
      Answer answer = answer(exchange, body.isEmpty() ? JSON.nullNode() : JSON.readTree(body));
      byte[] bytes = JSON.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Answer answer(HttpExchange exchange, JsonNode body) {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    if (broken.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return error(BROKEN, "INTERNAL_ERROR");
    }
    return switch (path.startsWith(API) ? path.substring(API.length()) : path) {
      case "experiments/get-by-name" -> experimentByName(exchange.getRequestURI().getRawQuery());
      case "experiments/create" -> createExperiment(body);
      case "runs/create" -> createRun(body);
      case "runs/search" -> searchRuns(body);
      case "runs/log-batch" -> logBatch(body);
      case "runs/update" -> updateRun(body);
      default -> error(NOT_FOUND, "ENDPOINT_NOT_FOUND");
    };
  }

  private Answer experimentByName(String query) {
    String name = URLDecoder.decode(query.substring("experiment_name=".length()), UTF_8);
    int id = experiments.indexOf(name);
    return id < 0
        ? error(NOT_FOUND, "RESOURCE_DOES_NOT_EXIST")
        : new Answer(
            OK,
            Map.of(
                "experiment",
                Map.of(
                    "experiment_id",
                    Integer.toString(id),
                    "name",
                    name,
                    "lifecycle_stage",
                    "active")));
  }

  private Answer createExperiment(JsonNode body) {
    experiments.add(body.get("name").textValue());
    return new Answer(OK, Map.of("experiment_id", Integer.toString(experiments.size() - 1)));
  }

  private Answer createRun(JsonNode body) {
    if (body.get("experiment_id").asInt() >= experiments.size()) {
      return error(NOT_FOUND, "RESOURCE_DOES_NOT_EXIST");
    }
    Run run = new Run("run-" + runs.size());
    run.name = body.get("run_name").textValue();
    body.path("tags").forEach(tag -> put(run.tags, tag));
    runs.add(run);
    return new Answer(OK, Map.of("run", described(run)));
  }

  private static ObjectNode described(Run run) {
    ObjectNode described = JSON.createObjectNode();
    described
        .putObject("info")
        .put("run_id", run.id)
        .put("run_uuid", run.id)
        .put("run_name", run.name)
        .put("experiment_id", "0")
        .put("status", run.status)
        .put("lifecycle_stage", "active");
    return described;
  }

  private Answer searchRuns(JsonNode body) {
    String filter = body.get("filter").textValue();
    List<ObjectNode> found =
        runs.stream()
            .filter(
                run ->
                    run.tags.entrySet().stream()
                        .map(tag -> "tags.`%s` = '%s'".formatted(tag.getKey(), tag.getValue()))
                        .anyMatch(filter::equals))
            .map(TrackingServer::described)
            .toList();
    return new Answer(OK, Map.of("runs", found));
  }

  private Answer logBatch(JsonNode body) {
    Run run = find(body);
    if (run == null) {
      return error(NOT_FOUND, "RESOURCE_DOES_NOT_EXIST");
    }
    boolean tooMuch =
        body.path("metrics").size() > MOST_METRICS
            || body.path("params").size() > MOST_WORDS
            || body.path("tags").size() > MOST_WORDS;
    for (JsonNode param : body.path("params")) {
      String told = run.params.get(param.get("key").textValue());
      tooMuch |= told != null && !told.equals(param.get("value").textValue());
    }
    if (tooMuch) {
      return error(BAD_REQUEST, "INVALID_PARAMETER_VALUE");
    }
    body.path("params").forEach(param -> put(run.params, param));
    body.path("tags").forEach(tag -> put(run.tags, tag));
    for (JsonNode metric : body.path("metrics")) {
      run.metrics
          .computeIfAbsent(metric.get("key").textValue(), key -> new ArrayList<>())
          .add(new Point(metric.path("step").asLong(), metric.get("value").doubleValue()));
    }
    return new Answer(OK, Map.of());
  }

  private Answer updateRun(JsonNode body) {
    Run run = find(body);
    if (run == null) {
      return error(NOT_FOUND, "RESOURCE_DOES_NOT_EXIST");
    }
    run.status = body.get("status").textValue();
    return new Answer(OK, Map.of("run_info", described(run).get("info")));
  }

  private Run find(JsonNode body) {
    String id = body.get("run_id").textValue();
    return runs.stream().filter(run -> run.id.equals(id)).findAny().orElse(null);
  }

  private static void put(Map<String, String> words, JsonNode word) {
    words.put(word.get("key").textValue(), word.get("value").textValue());
  }

  private static Answer error(int status, String code) {
    return new Answer(status, Map.of("error_code", code, "message", "told by a test"));
  }

  @Override
  public void close() {
    if (closed.getCount() > 0) {
      closed.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
