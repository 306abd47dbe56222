package storyloom.serve.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.OneLine;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.PromptReader;
import storyloom.model.decode.search.DecodedStory;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.PendingStory;
import storyloom.serve.story.PendingStory.Event;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.ServedModels;
import storyloom.serve.story.StoryRequest;

/** {@code POST /generate}: a prompt in, a story out, at once or streamed word by word. */
final class GenerateRoute implements Handler {

  private static final Logger LOG = LoggerFactory.getLogger(GenerateRoute.class);

  private final ServiceSettings settings;
  private final ServedModels models;
  private final ApiTokens tokens;
  private final ConnectionDeadlines deadlines;
  private final ServiceState state;
  private final ServiceMetrics metrics;
  private final JsonBody body;
  private final StoryRequestReader reader;

  GenerateRoute(
      ServiceSettings settings,
      ServedModels models,
      ApiTokens tokens,
      ConnectionDeadlines deadlines,
      ServiceState state,
      ServiceMetrics metrics) {
    this.settings = settings;
    this.models = models;
    this.tokens = tokens;
    this.deadlines = deadlines;
    this.state = state;
    this.metrics = metrics;
    this.body = new JsonBody(settings.maxBody());
    this.reader = new StoryRequestReader(settings);
  }

  @Override
  public void handle(Context context) throws InterruptedException {
    String caller = tokens.admit(context.header("Authorization"));
    Request received = ServletContextRequest.getServletContextRequest(context.req());
    EndPoint connection = ConnectionDeadlines.connection(received);
    Runnable leave = state.enter();
    Request.addCompletionListener(received, failure -> leave.run()); // when all of it is sent
    deadlines.whenClosed(
        connection, leave); // of a request that breaks off, the server may report no end
    byte[] json = body.receive(context);
    deadlines.received(connection);
    StoryRequest request = reader.read(json);
    if (settings.logPrompts()) {
      LOG.info("{} asks for a story about: {}", caller, OneLine.of(request.prompt()));
    }
    ServedModel model = models.acquire();
    try {
      write(context, model, request, connection);
    } finally {
      model.release();
    }
  }

  private void write(Context context, ServedModel model, StoryRequest request, EndPoint connection)
      throws InterruptedException {
    if (request.attention() && !model.hasAttention()) {
      throw new ProblemException(Problem.invalid("attention: this model has none"));
    }
    PromptReader.Reading prompt = model.promptReader().read(request.prompt());
    if (prompt.isRejected()) {
      throw new ProblemException(Problem.invalid(prompt.rejection()));
    }
    boolean streamed = isStreamed(context);
    if (streamed && request.stories() > 1 && request.decoding().strategy() != Strategy.BEAM) {
      throw new ProblemException(Problem.invalid("n must be 1 for a stream"));
    }
    PendingStory pending =
        new PendingStory(model.promptReader(), prompt, request, streamed || request.attention());
    if (!model.writer().submit(pending)) {
      throw new ProblemException(Problem.full(metrics.retrySeconds(model.writer().waiting())));
    }
    try {
      ClientConnection client = new ClientConnection(connection);
      StoryWait wait = new StoryWait(pending, client, state, settings.request());
      StreamedWords words =
          new StreamedWords(model.promptReader().codec(), prompt.words(), request.attention());
      StoryResponse response = new StoryResponse(model, request, prompt);
      if (streamed) {
        stream(context, wait, words, response);
      } else {
        answer(context, wait, words, response);
        if (client.mustClose()) {
          context.header("Connection", "close");
        }
      }
    } finally {
      model.writer().cancel(pending);
    }
  }

  private static boolean isStreamed(Context context) {
    return new AcceptHeader(context.req().getHeaders("Accept"))
        .prefers(EventStream.MEDIA_TYPE, Json.MEDIA_TYPE);
  }

  private void answer(Context context, StoryWait wait, StreamedWords words, StoryResponse response)
      throws InterruptedException {
    List<Map<String, Object>> all = new ArrayList<>();
    Event event = wait.next();
    while (event instanceof Event.Token token) {
      words.add(token).ifPresent(all::add);
      event = wait.next();
    }
    words.rest().ifPresent(all::add);
    context.contentType(Json.MEDIA_TYPE).result(Json.bytes(response.complete(done(event), all)));
  }

  /** What goes wrong after the first event can only be reported as one. */
  private void stream(Context context, StoryWait wait, StreamedWords words, StoryResponse response)
      throws InterruptedException {
    EventStream events = EventStream.of(context);
    events.send("prompt", response.beforeFirstWord());
    try {
      send(events, wait, words, response);
    } catch (ProblemException failure) {
      metrics.countProblem(failure.problem());
      events.send("problem", failure.problem().json());
    }
    events.flush();
  }

  private void send(EventStream events, StoryWait wait, StreamedWords words, StoryResponse response)
      throws InterruptedException {
    List<Map<String, Object>> all = new ArrayList<>();
    events.flush();
    Event event = wait.next();
    while (event instanceof Event.Token token) {
      words.add(token).ifPresent(word -> send(word, events, all));
      event = wait.next();
    }
    words.rest().ifPresent(word -> send(word, events, all));
    events.send("story", response.complete(done(event), all));
  }

  private static void send(
      Map<String, Object> word, EventStream events, List<Map<String, Object>> all) {
    all.add(word);
    events.send("token", word);
    events.flush();
  }

  private List<DecodedStory> done(Event event) {
    if (!(event instanceof Event.Done done)) {
      throw new IllegalStateException("an event of no stories: " + event);
    }
    done.stories().forEach(story -> metrics.countTokens(story.tokens().length));
    return done.stories();
  }
}
