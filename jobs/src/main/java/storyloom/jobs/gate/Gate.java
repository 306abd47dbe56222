package storyloom.jobs.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import storyloom.jobs.gate.GateDecision.Check;
import storyloom.model.settings.Settings;

/**
 * Decides whether a new model may take the current one's place, by the settings below {@code gate}.
 *
 * <p>Perplexity is held against the current model's, so that it never rises by more than the ratio
 * from one model to the next. The bounds of ranking and repetition are absolute, for relative ones
 * would wear away night by night; a model outside of them passes only where the current one is no
 * better.
 */
final class Gate {

  private final double maxPerplexityRatio;
  private final double minRanking;
  private final double maxRepetition;

  /** Reads the bounds. */
  Gate(Settings settings) {
    this.maxPerplexityRatio = settings.number("gate.max-perplexity-ratio");
    this.minRanking = settings.number("gate.min-ranking");
    this.maxRepetition = settings.number("gate.max-repetition");
  }

  /**
   * Judges a model.
   *
   * @param current empty if none is the current one: then perplexity has no bound
   */
  GateDecision judge(ModelMeasures candidate, Optional<ModelMeasures> current) {
    List<Check> checks = new ArrayList<>();
    checks.add(perplexity(candidate.perplexityPerWord(), current));
    candidate
        .ranking()
        .ifPresent(share -> checks.add(ranking(share, current.flatMap(ModelMeasures::ranking))));
    checks.add(repetition(candidate.repetition(), current.map(ModelMeasures::repetition)));
    checks.add(stories(candidate, current));
    return new GateDecision(checks);
  }

  private Check perplexity(double candidate, Optional<ModelMeasures> current) {
    Optional<Double> bound = current.map(model -> model.perplexityPerWord() * maxPerplexityRatio);
    return new Check(
        "perplexity per word",
        "%.4f".formatted(candidate),
        current.map(model -> "%.4f".formatted(model.perplexityPerWord())).orElse("-"),
        bound.map("at most %.4f"::formatted).orElse("a number"),
        bound.map(most -> candidate <= most).orElse(Double.isFinite(candidate)));
  }

  private Check ranking(double candidate, Optional<Double> current) {
    double least = Math.min(minRanking, current.orElse(minRanking));
    return share(
        "own prompts ranked first",
        candidate,
        current,
        "at least " + percent(least),
        candidate >= least);
  }

  private Check repetition(double candidate, Optional<Double> current) {
    double most = Math.max(maxRepetition, current.orElse(maxRepetition));
    return share(
        "repeated 4-grams", candidate, current, "at most " + percent(most), candidate <= most);
  }

  private static Check share(
      String name, double candidate, Optional<Double> current, String bound, boolean passed) {
    return new Check(
        name, percent(candidate), current.map(Gate::percent).orElse("-"), bound, passed);
  }

  private static Check stories(ModelMeasures candidate, Optional<ModelMeasures> current) {
    return new Check(
        "empty stories",
        Integer.toString(candidate.emptyStories()),
        current.map(model -> Integer.toString(model.emptyStories())).orElse("-"),
        "none for ten fixed prompts",
        candidate.emptyStories() == 0);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
