package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that ask for stories, at once or word by word, that ask for nonsense, that make up
 * methods, tokens and names of the service, that have it look for models, and that go away in the
 * midst of their stories. The same model must tell the same prompt the same story each time.
 */
final class MixedLoad {

  /** A line of the service's file of tokens: of the one who asks, and reloads. */
  static final String TOKENS = "mixed mixed-loads-token admin";

  private static final String AUTHORIZATION = "Authorization";
  private static final String BEARER = "Bearer mixed-loads-token";

  private static final int PROMPTS = 20;
  private static final List<String> NONSENSE =
      List.of(
          "{",
          "{\"prompt\": 5}",
          "{\"prompt\": \"a fox\", \"n\": -1}",
          "[[[[",
          "{\"prompt\": \"\"}");

  /** None of them asks for events rather than JSON. */
  private static final List<String> ACCEPTED =
      List.of(
          "*/*",
          "text/event-stream;q=0",
          ";,;q=,",
          "application/json, text/event-stream;q=0.999",
          "image/png;" + "x=y;".repeat(500));

  private final TestService service;
  private final Map<String, JsonNode> stories = new ConcurrentHashMap<>();
  private final Set<String> models = ConcurrentHashMap.newKeySet();
  private final Queue<String> mishaps = new ConcurrentLinkedQueue<>();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder left = new LongAdder();
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean over;

  MixedLoad(TestService service) {
    this.service = service;
  }

  /** One thing that a client does. */
  private interface Turn {
    void take(int number) throws IOException, InterruptedException;
  }

  void start() {
    over = false;
    for (int i = 0; i < 3; i++) {
      client(this::ask);
      client(this::listen);
    }
    client(this::askNonsense);
    client(this::makeUpAMethod);
    client(this::makeUpAToken);
    client(this::makeUpAName);
    client(this::reload);
    client(this::goAway);
  }

  private void client(Turn turn) {
    Thread thread = new Thread(() -> takeTurns(turn));
    clients.add(thread);
    thread.start();
  }

  private void takeTurns(Turn turn) {
    try {
      while (!over) {
        turn.take(numbers.getAndIncrement());
      }
    } catch (IOException | RuntimeException | InterruptedException e) {
      mishaps.add(String.valueOf(e));
    }
  }

  /** Lets each client end what it does, and waits for that. */
  void stop() throws InterruptedException {
    over = true;
    for (Thread client : clients) {
      client.join();
    }
    clients.clear();
  }

  private static String request(int number) {
    return "{\"prompt\": \"the fox and the hen\", \"seed\": %d}".formatted(number % PROMPTS);
  }

  private void ask(int number) {
    String accepted = ACCEPTED.get(number % ACCEPTED.size());
    HttpResponse<String> answer =
        service.send(service.generate(request(number), "Accept", accepted, AUTHORIZATION, BEARER));
    if (answer.statusCode() == 200) {
      compare(TestService.tree(answer.body()));
    } else {
      mishaps.add(answer.body());
    }
  }

  private void listen(int number) {
    HttpResponse<String> answer =
        service.send(
            service.generate(
                request(number), "Accept", "text/event-stream", AUTHORIZATION, BEARER));
    List<JsonNode> stories = Events.parse(answer.body()).named("story");
    if (stories.size() == 1) {
      compare(stories.get(0));
    } else {
      mishaps.add(answer.body());
    }
  }

  private void compare(JsonNode story) {
    String model = story.get("model").textValue();
    JsonNode before = stories.putIfAbsent(model + story.get("seed"), story);
    if (before != null && !before.equals(story)) {
      mishaps.add("%s is not %s".formatted(story, before));
    }
    models.add(model);
    answered.increment();
  }

  private void askNonsense(int number) throws InterruptedException {
    String body = NONSENSE.get(number % NONSENSE.size());
    expect(400, body, service.send(service.generate(body, AUTHORIZATION, BEARER)));
    Thread.sleep(5);
  }

  private void expect(int status, String asked, HttpResponse<String> answer) {
    if (answer.statusCode() != status) {
      mishaps.add(asked + ": " + answer.body());
    }
    refused.increment();
  }

  private void makeUpAMethod(int number) throws InterruptedException {
    StringBuilder method = new StringBuilder();
    Integer.toString(number).chars().forEach(digit -> method.append((char) (digit - '0' + 'A')));
    expect(405, method.toString(), service.send(method.toString(), "/generate"));
    Thread.sleep(5);
  }

  private void makeUpAToken(int number) {
    String token = "Bearer guess-at-a-token-" + number;
    expect(401, token, service.send(service.generate(request(number), AUTHORIZATION, token)));
  }

  private void makeUpAName(int number) throws IOException, InterruptedException {
    String head = "GET /model%d HTTP/1.1\r\nHost: name%d.example\r\nConnection: close\r\n\r\n";
    try (Socket socket = service.connect()) {
      socket.getOutputStream().write(head.formatted(number, number).getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      if (!answer.startsWith("HTTP/1.1 421 ")) {
        mishaps.add(answer);
      }
    }
    refused.increment();
    Thread.sleep(5);
  }

  private void reload(int number) throws InterruptedException {
    HttpResponse<String> answer = reload(service);
    if (answer.statusCode() != 200 && answer.statusCode() != 409) {
      mishaps.add(answer.body());
    }
    Thread.sleep(100);
  }

  /** Has the service go over to the current model now. */
  static HttpResponse<String> reload(TestService service) {
    return service.send("POST", "/admin/reload", AUTHORIZATION, BEARER);
  }

  private void goAway(int number) throws IOException, InterruptedException {
    try (Socket socket = service.connect()) {
      String accepted = number % 2 == 0 ? "Accept: */*" : "Accept: text/event-stream";
      socket
          .getOutputStream()
          .write(TestService.rawRequest(request(number), accepted, AUTHORIZATION + ": " + BEARER));
      Thread.sleep(number % 10);
    }
    left.increment();
  }

  List<String> mishaps() {
    return List.copyOf(mishaps);
  }

  Set<String> models() {
    return models;
  }

  long answered() {
    return answered.sum();
  }

  long refused() {
    return refused.sum();
  }

  long left() {
    return left.sum();
  }

  @Override
  public String toString() {
    return "%s stories, %s refusals, %s clients that left".formatted(answered, refused, left);
  }
}
