package storyloom.bench.measure;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * How long a round of averaging took.
 *
 * @param seconds from the state going out to the averaged state
 * @param compute seconds of the slowest worker's training within that
 * @param cpu processor time of this process, in seconds; on a cluster that is the driver's alone
 */
public record TimedRound(double seconds, double compute, double cpu) {

  /** What averaging itself costs, in seconds. */
  public double overhead() {
    return seconds - compute;
  }

  /** The median of a figure over rounds. */
  public static double median(List<TimedRound> rounds, ToDoubleFunction<TimedRound> figure) {
    return new Median().evaluate(rounds.stream().mapToDouble(figure).toArray());
  }
}
