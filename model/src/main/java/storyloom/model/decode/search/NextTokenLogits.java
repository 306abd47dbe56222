package storyloom.model.decode.search;

import java.util.BitSet;
import storyloom.model.nn.output.StepLogits;
import storyloom.model.text.token.Vocabulary;

/**
 * What one row may write next: the model's logits, with what {@link TokenConstraints} change of
 * them. It is read anew for each row, and only those logits that can matter come to the Java heap.
 *
 * <p>{@code <OOV>} stands for any word that the vocabulary lacks, and of these a story can hold
 * none but those of its prompt. So what the model gives to {@code <OOV>} is theirs, each getting of
 * it in proportion to its own probability; {@link #logProb} stays what the model says. Source:
 * Luong et al. 2015, "Addressing the rare word problem", who put a word of the source for each
 * unknown one.
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
  private double ofUnknown;

  /**
   * @param vocabulary V, and as many more as {@link StepLogits#numbers} is wider
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
    ofUnknown = ofUnknown();
    restore();
  }

  /** What the logit of each word that only the prompt knows gains by {@code <OOV>}. */
  private double ofUnknown() {
    int known = from.vocabulary();
    double most = Double.NEGATIVE_INFINITY;
    for (int id = known; id < vocabulary; id++) {
      most = Math.max(most, from.numbers().get(row, id));
    }
    if (most == Double.NEGATIVE_INFINITY) {
      return 0;
    }
    double own = 0;
    for (int id = known; id < vocabulary; id++) {
      own += Math.exp(from.numbers().get(row, id) - most);
    }
    double odds = from.numbers().get(row, Vocabulary.OOV) - most - Math.log(own);
    return Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
  }

  /** The logit of a token before any constraint. */
  private float unchanged(int id) {
    double logit = from.numbers().get(row, id);
    return (float) (id < from.vocabulary() ? logit : logit + ofUnknown);
  }

  /** Undoes all changes. */
  void restore() {
    isChanged.clear();
    for (int id = from.vocabulary(); id < vocabulary; id++) {
      change(id, unchanged(id));
    }
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
   * Multiplies the log probability that a token has without constraints; twice is as good as once.
   *
   * @param factor at least 1, so that none becomes likelier
   */
  void weigh(int id, double factor) {
    change(id, (float) (logSum + factor * (unchanged(id) - logSum)));
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
   * constraint makes a logit larger, so the largest of a stretch stays a bound, but for what words
   * of the prompt gain by {@code <OOV>}.
   *
   * @param most how many at most; fewer where more are forbidden
   */
  int[] likeliest(int most) {
    float[] bounds = from.largest(row).clone();
    for (int id = from.vocabulary(); id < vocabulary; id++) {
      bounds[id / StepLogits.STRETCH] = Math.max(bounds[id / StepLogits.STRETCH], number(id));
    }
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
