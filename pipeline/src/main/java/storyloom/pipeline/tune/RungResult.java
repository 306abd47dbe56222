package storyloom.pipeline.tune;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What came of a trial at a rung. Perplexity per word at the end of its epochs stands in the curve;
 * what is judged is the best epoch so far, whose weights a training keeps.
 *
 * @param trial counted from 0
 * @param rung counted from 0
 * @param loss what the trial is judged by: the smaller the better; infinite if it failed
 * @param seconds that training took, of all rungs until here; scoring and waiting left out
 * @param taskSeconds that the task took which trained it from the rung before to this one
 * @param curve perplexity per word after each epoch, the first one first
 * @param reason why it failed; empty if it did not
 */
public record RungResult(
    int trial,
    int rung,
    double loss,
    double seconds,
    double taskSeconds,
    List<Double> curve,
    String reason) {

  /** The better first; equal ones by the time that training took, then by number. */
  public static final Comparator<RungResult> BEST_FIRST =
      Comparator.comparingDouble(RungResult::loss)
          .thenComparingDouble(RungResult::seconds)
          .thenComparingInt(RungResult::trial);

  /** Copies the curve; a trial that came to no number has failed. */
  public RungResult {
    curve = List.copyOf(curve);
    if (!Double.isFinite(loss) && reason.isEmpty()) {
      throw new IllegalArgumentException("a trial without a loss needs a reason");
    }
  }

  /** Of a trial that failed. */
  public static RungResult failed(TrialScheduler.Job job, String reason) {
    return new RungResult(
        job.trial(), job.rung(), Double.POSITIVE_INFINITY, 0, 0, List.of(), reason);
  }

  /** Whether the trial diverged, ran out of memory or was killed. */
  public boolean isFailure() {
    return !reason.isEmpty();
  }

  /** The least perplexity per word of its epochs; NaN if it failed. */
  public double bestPerplexity() {
    return curve.isEmpty() ? Double.NaN : curve.get(bestEpoch());
  }

  /** The epoch with the least perplexity, counted from 0; the first of several. */
  public int bestEpoch() {
    return curve.indexOf(Collections.min(curve));
  }
}
