package storyloom.model.decode.search;

import java.util.BitSet;
import storyloom.model.nn.output.StepLogits;

/**
 * What one row may write next: the model's logits, with what {@link TokenConstraints} change of
 * them. It is read anew for each row, and only those logits that can matter come to the Java heap.
 */
public final class NextTokenLogits {

  private final int vocabulary;
  private final float[] stretch = new float[StepLogits.STRETCH];
  private final double[] weights;
  private final float[] changed;
  private final BitSet isChanged;
  private float[] all;
  private StepLogits from;
  private int row;
  private double logSum;

  /**
   * @param vocabulary V
   */
  public NextTokenLogits(int vocabulary) {
    this.vocabulary = vocabulary;
    weights = new double[vocabulary];
    changed = new float[vocabulary];
    isChanged = new BitSet(vocabulary);
  }

  /**
   * Reads a row.
   *
   * @param logits must stay as they are while this is used
   */
  public void read(StepLogits logits, int rowOf) {
    from = logits;
    row = rowOf;
    logSum = logits.logSum(rowOf);
    restore();
  }

  /** Undoes all changes. */
  void restore() {
    isChanged.clear();
  }

  private void change(int id, float number) {
    isChanged.set(id);
    changed[id] = number;
  }

  /** Makes it impossible to write a token. */
  void forbid(int id) {
    change(id, Float.NEGATIVE_INFINITY);
  }

  /**
   * Multiplies the log probability that the model gives a token; twice is as good as once.
   *
   * @param factor at least 1, so that none becomes likelier
   */
  void weigh(int id, double factor) {
    change(id, (float) (logSum + factor * logProb(id)));
  }

  /** The V logits as changed so far; forbidden tokens have −∞. To be read before the next row. */
  float[] numbers() {
    all = all == null ? new float[vocabulary] : all;
    from.numbers().copyRow(row, all);
    for (int id = isChanged.nextSetBit(0); id >= 0; id = isChanged.nextSetBit(id + 1)) {
      all[id] = changed[id];
    }
    return all;
  }

  /** The logit of a token as changed so far. */
  float number(int id) {
    return isChanged.get(id) ? changed[id] : (float) from.numbers().get(row, id);
  }

  /**
   * The likeliest tokens as changed so far, the likeliest first, of equal ones the lower id. No
   * change makes a logit larger, so the largest of a stretch stays a bound.
   *
   * @param most how many at most; fewer where more are forbidden
   */
  int[] likeliest(int most) {
    float[] bounds = from.largest(row).clone();
    TopK found = new TopK(Math.min(most, vocabulary));
    int next = largest(bounds);
    while (bounds[next] > Float.NEGATIVE_INFINITY && bounds[next] >= found.least()) {
      offer(next, found);
      bounds[next] = Float.NEGATIVE_INFINITY;
      next = largest(bounds);
    }
    return found.ids();
  }

  private static int largest(float[] numbers) {
    int largest = 0;
    for (int i = 1; i < numbers.length; i++) {
      largest = numbers[i] > numbers[largest] ? i : largest;
    }
    return largest;
  }

  private void offer(int number, TopK found) {
    int first = number * StepLogits.STRETCH;
    int end = Math.min(first + StepLogits.STRETCH, vocabulary);
    from.numbers().columns(first, end).copyRow(row, stretch);
    for (int id = isChanged.nextSetBit(first); id >= 0 && id < end; ) {
      stretch[id - first] = changed[id];
      id = isChanged.nextSetBit(id + 1);
    }
    found.offer(stretch, end - first, first);
  }

  /** Room for V numbers. */
  double[] weights() {
    return weights;
  }

  /** Whether nothing may be written. */
  boolean allForbidden() {
    return likeliest(1).length == 0;
  }

  /** Natural log probability of a token under the model as it is. */
  double logProb(int id) {
    return from.numbers().get(row, id) - logSum;
  }

  /** The log probability as changed; what is forbidden takes nothing from what is allowed. */
  double score(int id) {
    return number(id) - logSum;
  }
}
