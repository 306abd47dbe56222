package storyloom.jobs.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import storyloom.jobs.gate.GateEvaluation.Measures;
import storyloom.jobs.gate.GateEvaluation.Measures.Copied;
import storyloom.model.settings.Settings;

/**
 * Whether a new model may take the current one's place, by the settings below {@code gate}.
 *
 * <p>Perplexity is held against the current model's, so that it never rises by more than the ratio
 * from one model to the next. The bounds of ranking and repetition are absolute, and that of what
 * is copied goes by what people's stories share with the training split, for bounds by the current
 * model would wear away night by night; a model outside of them passes only if the current one is
 * no better.
 *
 * @param checks each thing that was looked at
 */
public record GateDecision(List<Check> checks) {

  /**
   * One thing that a gate looks at, in words.
   *
   * @param name what it is
   * @param candidate what the new model has
   * @param current what the current one has; {@code -} if there is none
   * @param bound what is asked for
   * @param passed whether the new model has it
   */
  public record Check(
      String name, String candidate, String current, String bound, boolean passed) {}

  public GateDecision {
    checks = List.copyOf(checks);
  }

  /**
   * Decides on a model.
   *
   * @param settings hold the bounds
   * @param current empty if none is the current one: then perplexity has no bound
   */
  static GateDecision of(Settings settings, Measures candidate, Optional<Measures> current) {
    List<Check> checks = new ArrayList<>();
    checks.add(
        perplexity(
            candidate.perplexityPerWord(),
            current.map(Measures::perplexityPerWord),
            settings.number("gate.max-perplexity-ratio")));
    candidate
        .ranking()
        .ifPresent(
            share ->
                checks.add(
                    ranking(
                        share,
                        current.flatMap(Measures::ranking),
                        settings.number("gate.min-ranking"))));
    checks.add(
        repetition(
            candidate.repetition(),
            current.map(Measures::repetition),
            settings.number("gate.max-repetition")));
    candidate
        .copied()
        .ifPresent(
            shares ->
                checks.add(
                    copied(
                        shares,
                        current.flatMap(Measures::copied),
                        settings.number("gate.max-copied"))));
    checks.add(stories(candidate.emptyStories(), current.map(Measures::emptyStories)));
    return new GateDecision(checks);
  }

  private static Check perplexity(double candidate, Optional<Double> current, double maxRatio) {
    Optional<Double> bound = current.map(perplexity -> perplexity * maxRatio);
    Digits digits = Digits.ofPerplexities(candidate, bound.orElse(Double.NaN));
    return new Check(
        "perplexity per word",
        digits.text(candidate),
        current.map(digits::text).orElse("-"),
        bound.map(most -> "at most " + digits.text(most)).orElse("a number"),
        bound.map(most -> candidate <= most).orElse(Double.isFinite(candidate)));
  }

  private static Check ranking(double candidate, Optional<Double> current, double min) {
    double least = Math.min(min, current.orElse(min));
    Digits digits = Digits.ofShares(candidate, least);
    return share(
        "own prompts ranked first",
        digits,
        candidate,
        current,
        "at least " + digits.text(100 * least),
        candidate >= least);
  }

  private static Check repetition(double candidate, Optional<Double> current, double max) {
    double most = Math.max(max, current.orElse(max));
    Digits digits = Digits.ofShares(candidate, most);
    return share(
        "repeated 4-grams",
        digits,
        candidate,
        current,
        "at most " + digits.text(100 * most),
        candidate <= most);
  }

  private static Check copied(Copied candidate, Optional<Copied> current, double max) {
    double most = Math.max(candidate.human() + max, current.map(Copied::written).orElse(0.0));
    Digits digits = Digits.ofShares(candidate.written(), most);
    return share(
        "copied 8-grams",
        digits,
        candidate.written(),
        current.map(Copied::written),
        "at most %s, people have %s"
            .formatted(digits.text(100 * most), digits.text(100 * candidate.human())),
        candidate.written() <= most);
  }

  private static Check share(
      String name,
      Digits digits,
      double candidate,
      Optional<Double> current,
      String bound,
      boolean passed) {
    return new Check(
        name,
        digits.text(100 * candidate),
        current.map(share -> digits.text(100 * share)).orElse("-"),
        bound,
        passed);
  }

  /**
   * How the numbers of a check are told: two decimals, one of large numbers, and more where a
   * number would look like its bound and is another one.
   */
  private record Digits(int decimals, String unit) {

    private static final double LARGE_PERPLEXITY = 100;
    private static final double LARGE_PERCENTAGE = 10;
    private static final int MOST = 6;

    static Digits ofPerplexities(double candidate, double bound) {
      return apart(candidate, bound, candidate < LARGE_PERPLEXITY ? 2 : 1, "");
    }

    /** Of shares, which are told in per cent. */
    static Digits ofShares(double candidate, double bound) {
      return apart(100 * candidate, 100 * bound, 100 * candidate < LARGE_PERCENTAGE ? 2 : 1, " %");
    }

    private static Digits apart(double candidate, double bound, int usual, String unit) {
      return IntStream.rangeClosed(usual, MOST)
          .mapToObj(decimals -> new Digits(decimals, unit))
          .filter(digits -> !digits.text(candidate).equals(digits.text(bound)))
          .findFirst()
          .orElse(new Digits(usual, unit));
    }

    String text(double number) {
      return String.format(Locale.ROOT, "%." + decimals + "f", number) + unit;
    }
  }

  private static Check stories(int empty, Optional<Integer> current) {
    return new Check(
        "empty stories",
        Integer.toString(empty),
        current.map(count -> Integer.toString(count)).orElse("-"),
        "none for ten fixed prompts",
        empty == 0);
  }

  /** The same with another check behind the others. */
  GateDecision with(Check check) {
    return new GateDecision(Stream.concat(checks.stream(), Stream.of(check)).toList());
  }

  /** Whether the model may become the current one. */
  boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }

  /** What it lacks, in one line; empty if nothing. */
  public String reason() {
    return checks.stream()
        .filter(check -> !check.passed())
        .map(
            check ->
                "%s is %s, must be %s".formatted(check.name(), check.candidate(), check.bound()))
        .collect(Collectors.joining("; "));
  }
}
