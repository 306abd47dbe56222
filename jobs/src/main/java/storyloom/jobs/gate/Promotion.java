package storyloom.jobs.gate;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.registry.HomeLock;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;
import storyloom.model.settings.Settings;
import storyloom.pipeline.evaluate.TrainingNgrams;

/** Makes a new model the current one, if there is a gate only if it passes. */
public final class Promotion {

  private final ClusterSession cluster;
  private final Settings settings;
  private final Registry registry;
  private final HomeLock lock;

  /**
   * @param lock of the registry's home
   */
  public Promotion(ClusterSession cluster, Settings settings, Registry registry, HomeLock lock) {
    this.cluster = cluster;
    this.settings = settings;
    this.registry = registry;
    this.lock = lock;
  }

  /**
   * What became of a model.
   *
   * @param gate what the gate decided; without checks if there is none
   * @param candidate what was measured of it; empty without a gate
   * @param current what was measured of the model that was current; empty if none was
   */
  public record Decision(
      GateDecision gate,
      Optional<GateEvaluation.Outcome> candidate,
      Optional<GateEvaluation.Outcome> current) {

    /** Whether it became the current one. */
    public boolean promoted() {
      return gate.passed();
    }
  }

  /**
   * Decides, and writes down what was decided.
   *
   * @param version of a model that nobody uses yet
   * @param parent the version it started from; empty if it started from scratch
   * @param heldOut held-out pairs that it is measured on
   * @param corpus folder of the prepared corpus that it was trained on
   * @throws storyloom.model.UserException locked if another run has taken the lock
   */
  public Decision decide(String version, Optional<String> parent, Path heldOut, Path corpus) {
    Decision decision =
        settings.flag("gate.enabled")
            ? evaluate(version, parent, heldOut, corpus)
            : new Decision(new GateDecision(List.of()), Optional.empty(), Optional.empty());
    lock.requireHeld();
    decision
        .candidate()
        .ifPresent(evaluated -> registry.measured(version, evaluated.measures().figures()));
    if (decision.promoted()) {
      registry.promote(version);
    } else {
      registry.refuse(version, decision.gate().reason());
    }
    return decision;
  }

  private Decision evaluate(String version, Optional<String> parent, Path heldOut, Path corpus) {
    Optional<String> now = registry.current();
    GateEvaluation evaluation =
        new GateEvaluation(
            cluster, settings, heldOut, TrainingNgrams.read(corpus, cluster.hadoop()));
    GateEvaluation.Outcome candidate = evaluation.withAttention(registry.modelDir(version));
    Optional<GateEvaluation.Outcome> current =
        now.map(each -> evaluation.of(registry.modelDir(each)));
    GateDecision decision =
        GateDecision.of(
                settings, candidate.measures(), current.map(GateEvaluation.Outcome::measures))
            .with(unchanged(now, registry.current()));
    return new Decision(
        parent.map(each -> decision.with(trusted(each))).orElse(decision),
        Optional.of(candidate),
        current);
  }

  /** Somebody may have promoted or rolled back in the meantime: then this was the wrong rival. */
  private static GateDecision.Check unchanged(Optional<String> compared, Optional<String> now) {
    return new GateDecision.Check(
        "the current model",
        now.orElse("none"),
        compared.orElse("none"),
        compared.orElse("none") + ", which this one was compared with",
        compared.equals(now));
  }

  /** Whoever has rolled back a model in the meantime does not want what was made of it either. */
  private GateDecision.Check trusted(String parent) {
    VersionRecord.State state = registry.record(parent).state();
    return new GateDecision.Check(
        "the model it started from",
        "%s (%s)".formatted(parent, state),
        "-",
        "one that is not refused",
        state != VersionRecord.State.REFUSED);
  }
}
