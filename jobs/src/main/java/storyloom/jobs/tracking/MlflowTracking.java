package storyloom.jobs.tracking;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mlflow.api.proto.Service.RunStatus;
import storyloom.jobs.cli.GracefulShutdown;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.train.TrainingProvenance;
import storyloom.pipeline.train.plan.EpochReport;
import storyloom.pipeline.train.plan.RoundReport;

/** Tells an MLflow server of a run, by a {@link BestEffortSender}. */
final class MlflowTracking implements ExperimentTracker {

  /** Rounds of an epoch that are told, evenly spread and the last one among them. */
  static final int MOST_ROUNDS = 100;

  private final MlflowRun run;
  private final BestEffortSender courier;
  private RunStatus status = RunStatus.FAILED;

  /**
   * Tells that the run has begun.
   *
   * @param uri of the server, for warnings
   * @param run closed with this one
   * @param patience how long the server may take for an answer
   */
  MlflowTracking(String uri, MlflowRun run, Duration patience) {
    this.run = run;
    this.courier = new BestEffortSender("MLflow at " + uri, patience, run::close);
    courier.send(run::begin);
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
    courier.send(() -> run.metrics(figures, step, now));
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
    courier.send(() -> run.tags(words));
    decision.candidate().ifPresent(trial -> send(trial.measures().figures(), 0));
  }

  @Override
  public void close() {
    RunStatus last = GracefulShutdown.isUnderWay() ? RunStatus.KILLED : status;
    Instant now = Instant.now();
    courier.send(() -> run.end(last, now));
    courier.close();
    run.close();
  }
}
