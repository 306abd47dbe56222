package storyloom.jobs.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import storyloom.jobs.cli.Console;
import storyloom.jobs.gate.GateDecision;
import storyloom.jobs.gate.Promotion;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingResult;

/**
 * What a training that came to its end says of it, to people and, in the last line, to programs.
 */
public final class TrainingSummary {

  private final Registry registry;
  private final Settings settings;

  /**
   * @param settings the run's own
   */
  public TrainingSummary(Registry registry, Settings settings) {
    this.registry = registry;
    this.settings = settings;
  }

  /** Prints why training ended, what the gate says, where the model lies, and a line of JSON. */
  public void tell(Training.Ended ended, Promotion.Decision decision) {
    TrainingResult result = ended.result();
    Console.say(
        "training ended %s; the weights are those of epoch %d",
        switch (result.ending()) {
          case EPOCHS -> "after its last epoch";
          case PATIENCE ->
              "because %d epochs brought no lower perplexity"
                  .formatted(settings.integer("train.patience"));
          case TIME -> "within its %s minutes".formatted(settings.text("train.max-minutes"));
          case STOPPED -> throw new IllegalArgumentException("a stopped training has no model");
        },
        result.kept().epoch() + 1);
    for (GateDecision.Check check : decision.verdict().checks()) {
      Console.say(
          "%-28s %12s, current %12s, must be %s: %s",
          check.name(),
          check.candidate(),
          check.current(),
          check.bound(),
          check.passed() ? "passed" : "failed");
    }
    Console.say(
        "the model lies in %s and is %s",
        registry.modelDir(ended.version()),
        decision.promoted() ? "the current one" : "refused: " + decision.verdict().reason());
    Console.json(line(ended, decision));
  }

  private Map<String, Object> line(Training.Ended ended, Promotion.Decision decision) {
    SortedMap<String, Double> metrics = ended.metrics();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("model", ended.version());
    line.put("path", registry.modelDir(ended.version()).toString());
    line.put("promoted", decision.promoted());
    for (String name :
        List.of("valid_perplexity", "valid_accuracy", "train_perplexity", "tokens_per_second")) {
      line.put(name, metrics.get(name));
    }
    decision.candidate().ifPresent(trial -> line.putAll(trial.measures().figures()));
    return line;
  }
}
