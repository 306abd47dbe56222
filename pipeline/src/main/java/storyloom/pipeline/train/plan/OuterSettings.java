package storyloom.pipeline.train.plan;

import java.io.Serializable;
import java.util.Locale;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/**
 * What the outer optimizer does with the workers' mean at the end of a round, and how far it goes.
 *
 * <p>With p the old parameters, m the mean, d = m − p, v a velocity that starts at 0, and in round
 * r the momentum μ<sub>r</sub> = μ · min(1, r / w) and the rate ρ<sub>r</sub> = 1 + (ρ − 1) ·
 * min(1, r / w):
 *
 * <pre>
 *   average    p ← m
 *   momentum   v ← μ_r v + ρ_r d    p ← p + v
 *   nesterov   v ← μ_r v + d        p ← p + ρ_r (d + μ_r v)
 * </pre>
 *
 * <p>Adam's moments are always averaged. One worker has nothing to average: what it ends a round
 * with is the new state whatever the kind, so that a training with one worker is a local one.
 *
 * @param kind which of the three
 * @param momentum μ, below 1; 0 takes 1 − 1 / √workers: the steps of W workers with shares of a
 *     minibatch are noisier, so that Adam's go √W times less far in the direction that all share
 *     (Malladi et al. 2022), and the momentum makes up for that
 * @param rate ρ, above 0
 * @param warmUp w, rounds over which both come to their full size
 * @param weightAverage decay, at each update, of the moving average of the parameters that is
 *     scored and kept in their place; 0 for none
 */
public record OuterSettings(
    Kind kind, double momentum, double rate, int warmUp, double weightAverage)
    implements Serializable {

  /** What becomes of the workers' mean. */
  public enum Kind {
    /** It is the new state as it is (McDonald, Hall and Mann 2010). */
    AVERAGE,
    /** The difference between it and the old state gets momentum: BMUF (Chen and Huo 2016). */
    MOMENTUM,
    /** Nesterov's momentum on that difference: DiLoCo (Douillard et al. 2023). */
    NESTEROV;

    /** As reference.conf spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The reverse of {@link #toString}. */
    public static Kind of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  /** The mean as it is. */
  public static final OuterSettings AVERAGE = new OuterSettings(Kind.AVERAGE, 0, 1, 0);

  /**
   * @throws UserException if a number is out of its range; the message names the key
   */
  public OuterSettings {
    if (!(momentum >= 0 && momentum < 1)) {
      throw UserException.usage(
          "train.outer-momentum must be at least 0 and below 1, not " + momentum);
    }
    if (!(rate > 0)) {
      throw UserException.usage("train.outer-rate must be above 0, not " + rate);
    }
    if (warmUp < 0) {
      throw UserException.usage("train.outer-warm-up must be at least 0, not " + warmUp);
    }
    if (!(weightAverage >= 0 && weightAverage < 1)) {
      throw UserException.usage(
          "train.weight-average must be at least 0 and below 1, not " + weightAverage);
    }
  }

  /** Without an average of the weights. */
  public OuterSettings(Kind kind, double momentum, double rate, int warmUp) {
    this(kind, momentum, rate, warmUp, 0);
  }

  /** What the settings say. */
  static OuterSettings of(Settings settings) {
    return new OuterSettings(
        Kind.of(settings.text("train.outer-step")),
        settings.number("train.outer-momentum"),
        settings.number("train.outer-rate"),
        settings.integer("train.outer-warm-up"),
        settings.number("train.weight-average"));
  }

  /** Whether so many workers' mean needs a velocity beside the parameters. */
  public boolean hasVelocity(int workers) {
    return kind != Kind.AVERAGE && workers > 1;
  }

  /** μ in a round of a training with so many workers, counted from 0. */
  public double momentumAt(long round, int workers) {
    double full = momentum == 0 ? 1 - 1 / Math.sqrt(workers) : momentum;
    return full * ramp(round);
  }

  /** ρ in a round of the training, counted from 0. */
  public double rateAt(long round) {
    return 1 + (rate - 1) * ramp(round);
  }

  private double ramp(long round) {
    return warmUp == 0 ? 1 : Math.min(1, (double) round / warmUp);
  }
}
