package storyloom.pipeline.train.plan;

import java.io.Serializable;
import storyloom.model.UserException;

/**
 * The step from a round's old parameters to its new ones, by way of the workers' mean.
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
 * @param kind which of them
 * @param momentum μ, below 1; 0 takes 1 − 1 / workers, with which a round's way has the length that
 *     the same minibatches would go one after another (Chen and Huo 2016)
 * @param rate ρ, above 0
 * @param warmUp w, rounds over which both come to their full size
 */
public record OuterStep(OuterKind kind, double momentum, double rate, int warmUp)
    implements Serializable {

  /** The mean as it is. */
  public static final OuterStep AVERAGE = new OuterStep(OuterKind.AVERAGE, 0, 1, 0);

  /**
   * @throws UserException if a number is out of its range; the message names the key
   */
  public OuterStep {
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
  }

  /** Whether so many workers' mean needs a velocity beside the parameters. */
  public boolean hasVelocity(int workers) {
    return kind != OuterKind.AVERAGE && workers > 1;
  }

  /** μ in a round of a training with so many workers, counted from 0. */
  public double momentumAt(long round, int workers) {
    return (momentum == 0 ? 1 - 1.0 / workers : momentum) * ramp(round);
  }

  /** ρ in a round of the training, counted from 0. */
  public double rateAt(long round) {
    return 1 + (rate - 1) * ramp(round);
  }

  private double ramp(long round) {
    return warmUp == 0 ? 1 : Math.min(1, (double) round / warmUp);
  }
}
