package storyloom.serve.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.util.JavalinBindException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import storyloom.model.UserException;
import storyloom.serve.story.ServedModels;

/** The service: answers requests until it is drained and closed. */
public final class StoryServer implements AutoCloseable {

  /** Besides those that wait for stories: for Jetty itself, and for questions about health. */
  private static final int SPARE_THREADS = 16;

  private static final int ACCEPTORS = 1;
  private static final int SELECTORS = 1;
  private static final int CONNECTION_BACKLOG = 128;
  private static final long LAST_WORDS_MILLIS = 2000;

  /** What part of the connections strangers may wait on for their answers. */
  private static final int SHARE_OF_STRANGERS = 4;

  /** Probes ask by addresses of their own choice, and learn nothing that matters to a page. */
  private static final Set<String> OF_ANY_HOST =
      Set.of("/health/live", "/health/ready", "/metrics");

  private final ServiceSettings settings;
  private final ApiTokens tokens;
  private final AllowedHosts hosts;
  private final QueuedThreadPool threads;
  private final ServiceState state = new ServiceState();
  private final ConnectionDeadlines deadlines;
  private final ServiceMetrics metrics;
  private final Javalin javalin;
  private ServerConnector connector;

  private StoryServer(ServiceSettings settings, ServedModels models, ApiTokens tokens) {
    this.settings = settings;
    this.tokens = tokens;
    this.hosts = settings.allowedHosts(tokens.areNeeded());
    this.threads = new QueuedThreadPool(settings.connections() + SPARE_THREADS);
    this.deadlines = new ConnectionDeadlines(settings.receive(), settings.request());
    this.metrics = new ServiceMetrics(models, state);
    models.watch(settings.reload());
    GenerateRoute generate = new GenerateRoute(settings, models, tokens, deadlines, state, metrics);
    PromptRoute prompt = new PromptRoute(settings, models);
    ModelRoutes info = new ModelRoutes(settings, models, tokens, state);
    this.javalin =
        Javalin.create(
            config -> {
              shape(config);
              responses().addTo(config);
              config.routes.before(this::requireHost);
              routes(new Routes(config.routes), generate, prompt, info);
            });
  }

  private ResponseHandling responses() {
    int strangers = Math.max(1, settings.connections() / SHARE_OF_STRANGERS);
    return new ResponseHandling(
        metrics,
        tokens,
        new RefusalDelay(settings.unauthorized(), strangers, threads),
        deadlines,
        settings.logAddresses());
  }

  /**
   * Starts to listen.
   *
   * @param models stay open as long as this, and are closed by whoever made them
   * @throws UserException of usage if the port is taken
   */
  public static StoryServer start(ServiceSettings settings, ServedModels models, ApiTokens tokens) {
    StoryServer server = new StoryServer(settings, models, tokens);
    try {
      server.javalin.start();
    } catch (JavalinBindException taken) {
      server.close();
      throw UserException.usage(
          "cannot listen at %s, port %d: choose another one with --port, or serve.host"
              .formatted(settings.host(), settings.port()),
          taken);
    }
    return server;
  }

  private void shape(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(StoryServer::shape);
    config.jetty.modifyServer(this::shape);
    config.jetty.addConnector(this::connector);
    if (!settings.corsOrigins().isEmpty()) {
      config.bundledPlugins.enableCors(
          cors -> cors.addRule(rule -> settings.corsOrigins().forEach(rule::allowHost)));
    }
  }

  private static void shape(HttpConfiguration http) {
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.addCustomizer(new RequestFilter());
  }

  private void shape(Server server) {
    server.insertHandler(deadlines);
    server.setStopTimeout(0); // drain() has waited already
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    connector = new ServerConnector(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(CONNECTION_BACKLOG);
    Duration longest = settings.receive().plus(settings.request());
    connector.setIdleTimeout(longest.multipliedBy(2).toMillis()); // the deadlines are stricter
    connector.addBean(deadlines);
    connector.addBean(new NetworkConnectionLimit(settings.connections(), connector));
    return connector;
  }

  private void routes(Routes routes, GenerateRoute generate, PromptRoute prompt, ModelRoutes info) {
    routes.post("/generate", generate);
    routes.post("/prompt", guarded("/prompt", prompt));
    routes.get("/model", guarded("/model", info::model));
    routes.get("/health/live", info::live);
    routes.get("/health/ready", info::ready);
    routes.post("/admin/reload", info::reload);
    routes.get("/metrics", guarded("/metrics", this::metrics));
    routes.get("/openapi.json", new ApiDescription(settings, tokens.areNeeded()));
    PageFiles.addTo(routes);
  }

  /** Wants a token, where the settings do not have the path answer without one. */
  private Handler guarded(String path, Handler handler) {
    if (settings.isOpen(path)) {
      return handler;
    }
    return request -> {
      tokens.requireAny(request.header("Authorization"));
      handler.handle(request);
    };
  }

  private void requireHost(Context request) {
    if (!OF_ANY_HOST.contains(request.path())) {
      hosts.require(ServletContextRequest.getServletContextRequest(request.req()));
    }
  }

  private void metrics(Context request) {
    request.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
  }

  /** Port that is listened at. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Says that it is not ready any more, but goes on as before for {@code serve.unready-seconds}, in
   * which whoever sends it requests can notice.
   */
  public void announceEnd() throws InterruptedException {
    state.leaveSoon();
    Thread.sleep(settings.unready().toMillis());
  }

  /** Takes no more connections and no more requests, and waits for the stories under way. */
  public void drain() throws InterruptedException {
    state.close();
    Future<?> unused = connector.shutdown(); // is done when all clients have gone
    if (!state.awaitQuiet(settings.drain().toMillis())) {
      state.end();
      state.awaitQuiet(LAST_WORDS_MILLIS);
    }
  }

  /** Ends the service at once. */
  @Override
  public void close() {
    javalin.stop();
    metrics.close();
  }
}
