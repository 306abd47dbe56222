package storyloom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of the service, each of which asks for one story after the other. */
final class StoryClients {

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

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;

  StoryClients(URI address) {
    this.address = address;
  }

  /**
   * Sends requests, as many at a time as there are clients.
   *
   * @param wishes bodies of the requests
   */
  Load ask(List<String> wishes, int clients) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicLong tokens = new AtomicLong();
    List<Double> latencies = Collections.synchronizedList(new ArrayList<>());
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      long started = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        all.add(threads.submit(() -> askAll(wishes, next, tokens, latencies)));
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
      List<String> wishes, AtomicInteger next, AtomicLong tokens, List<Double> latencies)
      throws IOException, InterruptedException {
    for (int i = next.getAndIncrement(); i < wishes.size(); i = next.getAndIncrement()) {
      long started = System.nanoTime();
      tokens.addAndGet(ask(wishes.get(i)));
      latencies.add((System.nanoTime() - started) / 1e9);
    }
    return null;
  }

  private int ask(String wish) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(wish))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the service has answered: " + answer.body());
    }
    JsonNode story = JSON.readTree(answer.body());
    boolean ended = story.get("finish_reason").textValue().equals("end");
    return story.get("tokens").intValue() + (ended ? 1 : 0);
  }
}
