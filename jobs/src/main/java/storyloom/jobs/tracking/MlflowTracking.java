package storyloom.jobs.tracking;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import storyloom.jobs.cli.GracefulShutdown;
import storyloom.jobs.gate.Promotion;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** Reports a run to an MLflow server, by a {@link BestEffortSender}. */
final class MlflowTracking implements ExperimentTracker {

  /** Rounds of an epoch that are reported, evenly spread and the last one among them. */
  static final int MOST_ROUNDS = 100;

  private final MlflowRun run;
  private final BestEffortSender sender;
  private RunStatus status = RunStatus.FAILED;

  /**
   * Reports that the run has begun.
   *
   * @param uri of the server, for warnings
   * @param run closed with this one
   * @param patience how long the server may take for an answer
   */
  MlflowTracking(String uri, MlflowRun run, Duration patience) {
    this.run = run;
    this.sender = new BestEffortSender("MLflow at " + uri, patience, run::close);
    sender.send(run::begin);
  }

  @Override
  public void roundDone(RoundReport report) {
    int round = report.round() + 1;
    int stride = (report.rounds() + MOST_ROUNDS - 1) / MOST_ROUNDS;
    if (round % stride == 0 || round == report.rounds()) {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("round_loss", report.tally().loss());
      figures.put("round_accuracy", report.tally().accuracy());
      figures.put("tokens_per_second", report.tokensPerSecond());
      figures.put("learning_rate", report.learningRate());
      figures.put("gradient_norm", report.gradientNorm());
      send(figures, (long) report.epoch() * report.rounds() + round);
    }
  }

  @Override
  public void epochDone(EpochReport report) {
    send(TrainingProvenance.metrics(report), report.epoch() + 1);
  }

  private void send(Map<String, Double> figures, long step) {
    Instant now = Instant.now();
    sender.send(() -> run.metrics(figures, step, now));
  }

  @Override
  public void stopped() {
    status = RunStatus.KILLED;
  }

  @Override
  public void decided(String version, Promotion.Decision decision) {
    status = RunStatus.FINISHED;
    Map<String, String> words = new LinkedHashMap<>();
    words.put("storyloom.model", version);
    words.put("storyloom.verdict", decision.promoted() ? "promoted" : "refused");
    if (!decision.promoted()) {
      words.put("storyloom.reason", decision.gate().reason());
    }
    sender.send(() -> run.tags(words));
    decision.candidate().ifPresent(evaluated -> send(evaluated.measures().figures(), 0));
  }

  @Override
  public void close() {
    RunStatus last = GracefulShutdown.isUnderWay() ? RunStatus.KILLED : status;
    Instant now = Instant.now();
    sender.send(() -> run.end(last, now));
    sender.close();
    run.close();
  }

  /**
   * A tracking server of MLflow, as the settings name it.
   *
   * @param uri its address, without a slash at its end
   * @param experiment which runs belong to there
   */
  record Server(String uri, String experiment) {

    private static final String URI_KEY = "train.mlflow-uri";
    private static final String EXPERIMENT_KEY = "train.mlflow-experiment";
    private static final Pattern SCHEME = Pattern.compile("https?", Pattern.CASE_INSENSITIVE);
    private static final String USER = "MLFLOW_TRACKING_USERNAME";
    private static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";
    private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";

    /**
     * The server that these settings name; empty if they name none.
     *
     * @throws UserException of usage if the address is none of a server, or holds a password, which
     *     models and reports would show
     */
    static Optional<Server> of(Settings settings) {
      String given = settings.text(URI_KEY);
      if (given.isEmpty()) {
        return Optional.empty();
      }
      URI address = address(given);
      if (address.getRawUserInfo() != null) {
        throw UserException.usage(
            "%s must not hold a user or password: put them into the environment, as %s and %s"
                .formatted(URI_KEY, USER, PASSWORD));
      }
      if (!SCHEME.matcher(String.valueOf(address.getScheme())).matches()
          || address.getHost() == null) {
        throw noAddress(given);
      }
      return Optional.of(new Server(given.replaceFirst("/+$", ""), settings.text(EXPERIMENT_KEY)));
    }

    private static URI address(String given) {
      try {
        return new URI(given);
      } catch (URISyntaxException e) {
        throw noAddress(given);
      }
    }

    private static UserException noAddress(String given) {
      return UserException.usage(
          "%s must be the http or https address of an MLflow server, such as http://mlflow:5000, not \"%s\""
              .formatted(URI_KEY, given));
    }

    /**
     * A client of the server, which does not look for it yet.
     *
     * @param environment in which MLflow's own variables for a user's name and password, or a
     *     token, are looked up
     */
    MlflowClient client(Map<String, String> environment) {
      return new MlflowClient(
          new BasicMlflowHostCreds(
              uri,
              environment.get(USER),
              environment.get(PASSWORD),
              environment.get(TOKEN),
              false));
    }
  }
}
