package storyloom.model.decode.search;

import storyloom.model.nn.kernel.Matrix;

/**
 * What one row may write next: the model's logits, on the Java heap, where {@link TokenConstraints}
 * change them, and what the model itself says. It is read anew for each row.
 */
public final class NextTokenLogits {

  private final float[] numbers;
  private final double[] weights;
  private Matrix logits;
  private int row;
  private double logSum;

  /**
   * @param vocabulary V
   */
  public NextTokenLogits(int vocabulary) {
    numbers = new float[vocabulary];
    weights = new double[vocabulary];
  }

  /**
   * Reads a row.
   *
   * @param from [m,V], the model's logits; must stay as they are while this is used
   * @param logSumOfRow ln Σ exp of the row
   */
  public void read(Matrix from, int rowOf, double logSumOfRow) {
    logits = from;
    row = rowOf;
    logSum = logSumOfRow;
    restore();
  }

  /** Undoes all changes. */
  void restore() {
    logits.copyRow(row, numbers);
  }

  /** The V logits as changed so far; forbidden tokens have −∞. */
  float[] numbers() {
    return numbers;
  }

  /** Room for V numbers. */
  double[] weights() {
    return weights;
  }

  /** Makes it impossible to write a token. */
  void forbid(int id) {
    numbers[id] = Float.NEGATIVE_INFINITY;
  }

  /** Whether nothing may be written. */
  boolean allForbidden() {
    for (float number : numbers) {
      if (number > Float.NEGATIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }

  /** Multiplies the log probability that the model gives a token; twice is as good as once. */
  void weigh(int id, double factor) {
    numbers[id] = (float) (logSum + factor * logProb(id));
  }

  /** Natural log probability of a token under the model as it is. */
  double logProb(int id) {
    return logits.get(row, id) - logSum;
  }

  /** The log probability as changed; what is forbidden takes nothing from what is allowed. */
  double score(int id) {
    return numbers[id] - logSum;
  }
}
