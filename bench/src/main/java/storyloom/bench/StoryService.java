package storyloom.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import storyloom.bench.process.ProjectFolder;
import storyloom.model.UserException;

/** {@code bin/serve} in a process of its own, at a port of its own, and clients that ask it. */
final class StoryService implements AutoCloseable {

  private static final String LISTENS = "stories are written at ";
  private static final int PATIENCE_SECONDS = 60;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What clients have met with.
   *
   * @param seconds from the first request to the last answer
   * @param tokens of all stories
   * @param latencies of each request, in seconds, ascending
   */
  record Load(double seconds, long tokens, List<Double> latencies) {

    double storiesPerSecond() {
      return latencies.size() / seconds;
    }

    double tokensPerSecond() {
      return tokens / seconds;
    }

    /** The latency that this share of all requests do not exceed, in milliseconds. */
    double milliseconds(double share) {
      int rank = (int) Math.ceil(share * latencies.size());
      return latencies.get(Math.max(0, rank - 1)) * 1e3;
    }
  }

  private final Process process;
  private final URI address;
  private final double startSeconds;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private StoryService(Process process, URI address, double startSeconds) {
    this.process = process;
    this.address = address;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts the service and waits until it listens.
   *
   * @param arguments of bin/serve
   * @throws UserException of data if it ends instead
   */
  static StoryService start(List<String> arguments) throws IOException {
    long started = System.nanoTime();
    List<String> line =
        new ArrayList<>(List.of(ProjectFolder.file("bin", "serve").toString(), "--port", "0"));
    line.addAll(arguments);
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = process.inputReader(UTF_8);
    for (String said = out.readLine(); said != null; said = out.readLine()) {
      if (said.startsWith(LISTENS)) {
        URI address = URI.create(said.substring(LISTENS.length()));
        return new StoryService(process, address, (System.nanoTime() - started) / 1e9);
      }
    }
    throw UserException.data("the service has not started: try " + String.join(" ", line));
  }

  /** Time from the start of the process until it listened. */
  double startSeconds() {
    return startSeconds;
  }

  /**
   * Asks for stories, as many at a time as there are clients, each of which asks for one after the
   * other.
   *
   * @param requests bodies of the requests
   */
  Load ask(List<String> requests, int clients) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicLong tokens = new AtomicLong();
    List<Double> latencies = Collections.synchronizedList(new ArrayList<>());
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      long started = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        all.add(threads.submit(() -> askAll(requests, next, tokens, latencies)));
      }
      for (Future<?> each : all) {
        each.get();
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      return new Load(seconds, tokens.get(), latencies.stream().sorted().toList());
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a client has failed", failure.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Void askAll(
      List<String> requests, AtomicInteger next, AtomicLong tokens, List<Double> latencies)
      throws IOException, InterruptedException {
    for (int i = next.getAndIncrement(); i < requests.size(); i = next.getAndIncrement()) {
      long started = System.nanoTime();
      tokens.addAndGet(ask(requests.get(i)));
      latencies.add((System.nanoTime() - started) / 1e9);
    }
    return null;
  }

  private int ask(String request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address.resolve("/generate"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(request))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the service has answered: " + answer.body());
    }
    JsonNode story = JSON.readTree(answer.body());
    boolean ended = story.get("finish_reason").textValue().equals("end");
    return story.get("tokens").intValue() + (ended ? 1 : 0);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
