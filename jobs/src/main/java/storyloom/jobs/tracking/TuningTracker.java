package storyloom.jobs.tracking;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mlflow.api.proto.Service.RunStatus;
import storyloom.jobs.cli.GracefulShutdown;
import storyloom.jobs.tune.TuningStart;
import storyloom.model.settings.Settings;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.Trial;
import storyloom.pipeline.tune.TrialScheduler.Job;
import storyloom.pipeline.tune.Tuner;

/**
 * Reports a search to an MLflow server while it goes on: a run for the search, and one below it for
 * each trial. As {@link ExperimentTracker}, it never throws and never waits for long.
 */
public interface TuningTracker extends Tuner.Listener, AutoCloseable {

  /**
   * The tracker that the search's settings ask for, if any.
   *
   * @param resumed whether the server may know the search already
   * @throws storyloom.model.UserException of usage if they name it wrongly
   */
  static TuningTracker of(TuningStart start, boolean resumed) {
    return MlflowTracking.Server.of(start.settings())
        .<TuningTracker>map(
            server -> new OfMlflow(server, start, resumed, ExperimentTracker.PATIENCE))
        .orElse(new Nobody());
  }

  /** The search has come to its end. */
  void done(RungResult best);

  /** Somebody has stopped the search; it can be resumed. */
  void stopped();

  @Override
  void close();

  /** Reports nothing. */
  record Nobody() implements TuningTracker {
    @Override
    public void begun(Job job) {}

    @Override
    public void ended(RungResult result) {}

    @Override
    public void done(RungResult best) {}

    @Override
    public void stopped() {}

    @Override
    public void close() {}
  }

  /** Reports by a {@link BestEffortSender}. */
  final class OfMlflow implements TuningTracker {

    private final MlflowRun parent;
    private final List<MlflowRun> children = new ArrayList<>();
    private final Map<Integer, Integer> told = new HashMap<>();
    private final BestEffortSender sender;
    private RunStatus status = RunStatus.FAILED;

    OfMlflow(MlflowTracking.Server server, TuningStart start, boolean resumed, Duration patience) {
      String name = start.folder().name();
      this.parent =
          new MlflowRun(
              server, name, Map::of, Settings.recorded(start.settings().changed()), resumed);
      for (Trial trial : start.trials()) {
        children.add(parent.child(name + "-" + trial.folder(), new TreeMap<>(trial.values())));
      }
      this.sender = new BestEffortSender("MLflow at " + server.uri(), patience, parent::close);
      sender.send(parent::begin);
    }

    @Override
    public void begun(Job job) {
      sender.send(children.get(job.trial())::begin);
    }

    @Override
    public void ended(RungResult result) {
      MlflowRun child = children.get(result.trial());
      Instant now = Instant.now();
      List<Double> curve = result.curve();
      int first = told.getOrDefault(result.trial(), 0);
      told.put(result.trial(), curve.size());
      List<Double> fresh = curve.subList(Math.min(first, curve.size()), curve.size());
      if (!fresh.isEmpty()) {
        sender.send(() -> child.curve("valid_perplexity_per_word", fresh, first + 1L, now));
      }
      sender.send(() -> child.end(result.isFailure() ? RunStatus.FAILED : RunStatus.FINISHED, now));
    }

    @Override
    public void done(RungResult best) {
      status = RunStatus.FINISHED;
      Instant now = Instant.now();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("valid_perplexity_per_word", best.bestPerplexity());
      figures.put("best_trial", best.trial() + 1.0);
      sender.send(() -> parent.metrics(figures, best.curve().size(), now));
    }

    @Override
    public void stopped() {
      status = RunStatus.KILLED;
    }

    @Override
    public void close() {
      RunStatus last = GracefulShutdown.isUnderWay() ? RunStatus.KILLED : status;
      Instant now = Instant.now();
      sender.send(() -> parent.end(last, now));
      sender.close();
      parent.close();
    }
  }
}
