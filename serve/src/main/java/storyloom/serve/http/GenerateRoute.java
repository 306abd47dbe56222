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
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.PromptReader;
import storyloom.model.decode.search.DecodedStory;
import storyloom.serve.story.PendingStory;
import storyloom.serve.story.PendingStory.News;
import storyloom.serve.story.ServedModel;
import storyloom.serve.story.ServedModels;
import storyloom.serve.story.StoryRequest;

/** {@code POST /generate}: a prompt in, a story out, at once or word by word. */
final class GenerateRoute implements Handler {

  private static final Logger LOG = LoggerFactory.getLogger(GenerateRoute.class);

  private final ServiceSettings settings;
  private final ServedModels shelf;
  private final ApiTokens callers;
  private final ConnectionDeadlines deadlines;
  private final ServiceState state;
  private final ServiceMetrics metrics;
  private final StoryRequestReader reader;

  GenerateRoute(
      ServiceSettings settings,
      ServedModels shelf,
      ApiTokens callers,
      ConnectionDeadlines deadlines,
      ServiceState state,
      ServiceMetrics metrics) {
    this.settings = settings;
    this.shelf = shelf;
    this.callers = callers;
    this.deadlines = deadlines;
    this.state = state;
    this.metrics = metrics;
    this.reader = new StoryRequestReader(settings);
  }

  @Override
  public void handle(Context request) throws InterruptedException {
    String caller = callers.admit(request.header("Authorization"));
    Request received = ServletContextRequest.getServletContextRequest(request.req());
    EndPoint connection = ConnectionDeadlines.connection(received);
    Runnable leave = state.enter();
    Request.addCompletionListener(received, failure -> leave.run()); // when all of it is sent
    deadlines.whenClosed(
        connection, leave); // of a request that breaks off, the server may tell no end
    byte[] body = RequestBody.read(request, settings.maxBody());
    deadlines.received(connection);
    StoryRequest wish = reader.read(body);
    if (settings.logPrompts()) {
      LOG.info("{} asks for a story about: {}", caller, wish.prompt().replaceAll("\\s+", " "));
    }
    ServedModel model = shelf.hold();
    try {
      write(request, model, wish, connection);
    } finally {
      model.release();
    }
  }

  private void write(Context request, ServedModel model, StoryRequest wish, EndPoint connection)
      throws InterruptedException {
    if (wish.attention() && !model.hasAttention()) {
      throw new ProblemException(Problem.invalid("attention: this model has none"));
    }
    PromptReader.Reading prompt = model.desk().read(wish.prompt());
    if (prompt.isRejected()) {
      throw new ProblemException(Problem.invalid(prompt.rejection()));
    }
    boolean streamed = isStreamed(request);
    if (streamed && wish.stories() > 1 && wish.decoding().strategy() != Strategy.BEAM) {
      throw new ProblemException(Problem.invalid("n must be 1 for a stream"));
    }
    PendingStory order =
        PendingStory.of(model.desk(), prompt.ids(), wish, streamed || wish.attention());
    if (!model.writer().take(order)) {
      throw new ProblemException(Problem.full(metrics.retrySeconds(model.writer().waiting())));
    }
    try {
      ClientConnection client = new ClientConnection(connection);
      StoryWait watch = new StoryWait(order, client, state, settings.request());
      StreamedWords words = new StreamedWords(model.desk().codec(), wish.attention());
      StoryResponse reply = new StoryResponse(model, wish);
      if (streamed) {
        stream(request, watch, words, reply);
      } else {
        answer(request, watch, words, reply);
        if (client.isSpoilt()) {
          request.header("Connection", "close");
        }
      }
    } finally {
      model.writer().drop(order);
    }
  }

  private static boolean isStreamed(Context request) {
    String accept = request.header("Accept");
    return accept != null && accept.contains(EventStream.MEDIA_TYPE);
  }

  private void answer(Context request, StoryWait watch, StreamedWords words, StoryResponse reply)
      throws InterruptedException {
    List<Map<String, Object>> told = new ArrayList<>();
    News news = watch.next();
    while (news instanceof News.Token token) {
      words.add(token).ifPresent(told::add);
      news = watch.next();
    }
    words.rest().ifPresent(told::add);
    request.contentType(Json.MEDIA_TYPE).result(Json.bytes(reply.whole(done(news), told)));
  }

  /** What goes wrong after the first event can only be told as one. */
  private void stream(Context request, StoryWait watch, StreamedWords words, StoryResponse reply)
      throws InterruptedException {
    EventStream events = EventStream.of(request);
    events.send("prompt", reply.beginning());
    try {
      tell(events, watch, words, reply);
    } catch (ProblemException failure) {
      metrics.countProblem(failure.problem());
      events.send("problem", failure.problem().json());
    }
    events.flush();
  }

  private void tell(EventStream events, StoryWait watch, StreamedWords words, StoryResponse reply)
      throws InterruptedException {
    List<Map<String, Object>> told = new ArrayList<>();
    events.flush();
    News news = watch.next();
    while (news instanceof News.Token token) {
      words.add(token).ifPresent(word -> tell(word, events, told));
      news = watch.next();
    }
    words.rest().ifPresent(word -> tell(word, events, told));
    events.send("story", reply.whole(done(news), told));
  }

  private static void tell(
      Map<String, Object> word, EventStream events, List<Map<String, Object>> told) {
    told.add(word);
    events.send("token", word);
    events.flush();
  }

  private List<DecodedStory> done(News news) {
    if (!(news instanceof News.Done done)) {
      throw new IllegalStateException("no news of stories: " + news);
    }
    done.stories().forEach(story -> metrics.countTokens(story.tokens().length));
    return done.stories();
  }
}
