package storyloom.pipeline.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import storyloom.model.settings.Settings;

/**
 * How a search goes about its trials.
 *
 * @param kind which trials get how far
 * @param trials how many there are
 * @param rungs epochs after which trials are compared, ascending; the last number is where a trial
 *     is at its end
 * @param reduction η: of so many trials on a rung, one goes on to the next
 * @param objective what trials are judged by
 * @param seed of the settings that are tried
 */
public record SearchPlan(
    Kind kind, int trials, List<Integer> rungs, int reduction, Objective objective, long seed) {

  /** Which trials get how far. */
  public enum Kind {
    /** Random settings, the best of which go on: asynchronous successive halving. */
    ASHA,
    /** Random settings, each trained to its end. */
    RANDOM,
    /** Every combination, each trained to its end. */
    GRID;

    /** As reference.conf spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What trials are judged by. */
  public enum Objective {
    /** Perplexity per word on the validation split: less is better. */
    PERPLEXITY,
    /** Share of stories whose own prompt the model prefers to nine others: more is better. */
    RANKING;

    /** As reference.conf spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** As people call it. */
    public String words() {
      return this == RANKING ? "ranking" : "perplexity per word";
    }

    /** A measured value such that less is better. */
    public double loss(double value) {
      return this == RANKING ? -value : value;
    }

    /** The measured value of a trial, as people know it. */
    public double value(RungResult result) {
      return this == RANKING ? -result.loss() : result.loss();
    }
  }

  /**
   * @throws IllegalArgumentException if there are no trials, or rungs that do not ascend
   */
  public SearchPlan {
    rungs = List.copyOf(rungs);
    if (trials < 1 || reduction < 2 || rungs.isEmpty() || rungs.get(0) < 1) {
      throw new IllegalArgumentException(
          "%d trials, rungs %s, reduction %d".formatted(trials, rungs, reduction));
    }
    for (int i = 1; i < rungs.size(); i++) {
      if (rungs.get(i) <= rungs.get(i - 1)) {
        throw new IllegalArgumentException("rungs must ascend: " + rungs);
      }
    }
  }

  /** What the settings below {@code tune.} say, with so many trials. */
  public static SearchPlan of(Settings settings, int trials) {
    Kind kind = kind(settings);
    int epochs = settings.integer("tune.epochs");
    int reduction = settings.integer("tune.reduction");
    return new SearchPlan(
        kind,
        trials,
        kind == Kind.ASHA ? rungs(epochs, reduction) : List.of(epochs),
        reduction,
        Objective.valueOf(settings.text("tune.objective").toUpperCase(Locale.ROOT)),
        settings.whole("tune.seed"));
  }

  /** Which kind of search the settings ask for. */
  public static Kind kind(Settings settings) {
    return Kind.valueOf(settings.text("tune.search").toUpperCase(Locale.ROOT));
  }

  /**
   * The rungs of successive halving: from the last one down, each a part of the one above it, as
   * long as that is an epoch.
   */
  public static List<Integer> rungs(int epochs, int reduction) {
    List<Integer> rungs = new ArrayList<>();
    for (int rung = epochs; rung >= 1; rung /= reduction) {
      rungs.add(rung);
    }
    Collections.reverse(rungs);
    return rungs;
  }

  /** The rung where trials are at their end. */
  public int lastRung() {
    return rungs.size() - 1;
  }
}
