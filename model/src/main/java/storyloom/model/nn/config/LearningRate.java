package storyloom.model.nn.config;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import storyloom.model.UserException;

/**
 * The learning rate of every update: a pure function of the update's number and of how often it has
 * been halved, so that all workers, a retried task and a resumed run use the very same.
 *
 * <pre>
 *   t ≤ w:        rate(t) = peak · t / w
 *   constant:     rate(t) = peak
 *   inverse-sqrt: rate(t) = peak · √(w / t)
 *   plateau:      rate(t) = peak · 2^−halvings
 * </pre>
 *
 * <p>t counts updates from 1, w is the warm-up; halvings count during warm-up as well.
 *
 * @param schedule how it changes after warm-up
 * @param peak the largest rate, which warm-up ends at
 * @param warmUp w, updates over which the rate rises from 0; 0 for none
 * @param plateauImprovement share by which an epoch's validation perplexity must be below the best
 *     before it to count as progress
 */
public record LearningRate(Schedule schedule, double peak, int warmUp, double plateauImprovement)
    implements Serializable {

  /** How the rate changes while training, once warm-up is over. */
  public enum Schedule {
    /** It stays. */
    CONSTANT,
    /** It falls with the root of the number of updates (Vaswani et al. 2017, §5.3). */
    INVERSE_SQRT,
    /** It is halved after an epoch without progress (PyTorch's {@code ReduceLROnPlateau}). */
    PLATEAU;

    /** As reference.conf spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The reverse of {@link #toString}. */
    public static Schedule of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * @throws UserException if a number is out of its range; the message names the key
   */
  public LearningRate {
    require(peak > 0, "train.learning-rate", "above 0", peak);
    require(warmUp >= 0, "train.warm-up", "at least 0", warmUp);
    require(
        warmUp > 0 || schedule != Schedule.INVERSE_SQRT,
        "train.warm-up",
        "at least 1 where train.schedule is inverse-sqrt",
        warmUp);
    require(
        plateauImprovement >= 0 && plateauImprovement < 1,
        "train.plateau-improvement",
        "at least 0 and below 1",
        plateauImprovement);
  }

  /** The same rate for all updates. */
  public static LearningRate constant(double rate) {
    return new LearningRate(Schedule.CONSTANT, rate, 0, 0);
  }

  /**
   * The rate of one update.
   *
   * @param update its number, counted from 1
   * @param halvings how often the rate has been halved, as {@link #halvings} counts
   */
  public double at(long update, int halvings) {
    double halved = Math.scalb(peak, -halvings);
    if (update <= warmUp) {
      return halved * update / warmUp;
    }
    return schedule == Schedule.INVERSE_SQRT
        ? halved * Math.sqrt((double) warmUp / update)
        : halved;
  }

  /**
   * How often the rate is halved after these epochs: once for each that made no progress over the
   * best before it, if the schedule is {@link Schedule#PLATEAU}.
   *
   * @param perplexities on the validation split after each epoch so far
   */
  public int halvings(List<Double> perplexities) {
    if (schedule != Schedule.PLATEAU) {
      return 0;
    }
    int halvings = 0;
    double best = Double.POSITIVE_INFINITY;
    for (double perplexity : perplexities) {
      if (perplexity < best * (1 - plateauImprovement)) {
        best = perplexity;
      } else {
        halvings++;
      }
    }
    return halvings;
  }

  private static void require(boolean holds, String key, String range, Object value) {
    if (!holds) {
      throw UserException.usage(key + " must be " + range + ", not " + value);
    }
  }
}
