package storyloom.model.nn.output;

import java.util.Arrays;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.RowProduct;

/**
 * Logits of the next token of some rows, with what is known of each stretch of {@link #STRETCH} of
 * them: its largest, so that whoever looks for the likeliest few tokens passes over the others, and
 * ln Σ exp. Both are found while the stretch is near the processor.
 */
public final class StepLogits {

  /** Logits that are known together. */
  public static final int STRETCH = RowProduct.STRETCH;

  /** Rows of a stretch that are near the processor together: 16 KB. */
  private static final int ROWS = 8;

  private final Matrix numbers;
  private final int vocabulary;
  private final float[][] largest;
  private final double[][] sums;
  private final double[] more;

  /**
   * Of which nothing is known yet; {@link #addBias} must be told of all columns.
   *
   * @param numbers [m,V]; must stay as they are while this is used
   */
  public StepLogits(Matrix numbers) {
    this(numbers, numbers.columns());
  }

  private StepLogits(Matrix numbers, int vocabulary) {
    int stretches = (numbers.columns() + STRETCH - 1) / STRETCH;
    this.numbers = numbers;
    this.vocabulary = vocabulary;
    this.largest = new float[numbers.rows()][stretches];
    this.sums = new double[numbers.rows()][stretches];
    this.more = new double[numbers.rows()];
  }

  /**
   * Logits that are there.
   *
   * @param numbers [m,V]; must stay as they are while this is used
   * @param logSums of each row, ln Σ exp
   */
  public static StepLogits of(Kernel kernel, Matrix numbers, double[] logSums) {
    StepLogits logits = new StepLogits(numbers);
    for (int from = 0; from < numbers.columns(); from += STRETCH) {
      Matrix some = numbers.columns(from, Math.min(from + STRETCH, numbers.columns()));
      logits.know(from / STRETCH, 0, kernel.largest(some), new double[some.rows()]);
    }
    for (int row = 0; row < logSums.length; row++) {
      Arrays.fill(logits.sums[row], Double.NEGATIVE_INFINITY);
      logits.sums[row][0] = logSums[row];
    }
    return logits;
  }

  /**
   * Adds the bias to some columns, which makes logits of them.
   *
   * @param bias [V]
   * @param from a multiple of {@link #STRETCH}
   * @param to excluded; another multiple, or V
   */
  public void addBias(Kernel kernel, Matrix bias, int from, int to) {
    for (int start = from; start < to; start += STRETCH) {
      int end = Math.min(start + STRETCH, to);
      for (int first = 0; first < numbers.rows(); first += ROWS) {
        int last = Math.min(first + ROWS, numbers.rows());
        Matrix some = numbers.rows(first, last).columns(start, end);
        double[] most = kernel.addBias(some, bias.columns(start, end));
        know(start / STRETCH, first, most, kernel.logSums(some, most));
      }
    }
  }

  private void know(int stretch, int first, double[] most, double[] logSums) {
    for (int i = 0; i < most.length; i++) {
      largest[first + i][stretch] = (float) most[i];
      sums[first + i][stretch] = logSums[i];
    }
  }

  /**
   * The same logits within a wider matrix, whose other columns are of tokens that cannot come next
   * until {@link #raise} says so.
   *
   * @param wide [m,V+more], of which the first columns are {@link #numbers}
   */
  public StepLogits within(Matrix wide) {
    StepLogits wider = new StepLogits(wide, numbers.columns());
    for (int row = 0; row < wide.rows(); row++) {
      Arrays.fill(wider.largest[row], Float.NEGATIVE_INFINITY);
      System.arraycopy(largest[row], 0, wider.largest[row], 0, largest[row].length);
      Arrays.fill(wider.sums[row], Double.NEGATIVE_INFINITY);
      System.arraycopy(sums[row], 0, wider.sums[row], 0, sums[row].length);
      for (int id = numbers.columns(); id < wide.columns(); id++) {
        wide.set(row, id, Float.NEGATIVE_INFINITY);
      }
    }
    return wider;
  }

  /**
   * Makes a token likelier.
   *
   * @param logit what is added to the exponential of the one that it has, as a logarithm
   */
  public void raise(int row, int id, double logit) {
    double before = numbers.get(row, id);
    double most = Math.max(before, logit);
    double raised = most + Math.log1p(Math.exp(Math.min(before, logit) - most));
    numbers.set(row, id, raised);
    float[] known = largest[row];
    known[id / STRETCH] = Math.max(known[id / STRETCH], (float) raised);
  }

  /** What {@link #raise} has added to ln Σ exp of a row, all of it together. */
  public void addToLogSum(int row, double by) {
    more[row] += by;
  }

  /** V; the columns from there on, if there are any, are words that only the prompts know. */
  public int vocabulary() {
    return vocabulary;
  }

  /** [m,V], or wider. */
  public Matrix numbers() {
    return numbers;
  }

  /** The largest of each stretch of a row; not to be changed. */
  public float[] largest(int row) {
    return largest[row];
  }

  /** What turns a row's logits into log probabilities: ln Σ exp of them. */
  public double logSum(int row) {
    double most = Double.NEGATIVE_INFINITY;
    for (double sum : sums[row]) {
      most = Math.max(most, sum);
    }
    double all = 0;
    for (double sum : sums[row]) {
      all += Math.exp(sum - most);
    }
    return most + Math.log(all) + more[row];
  }
}
